import { createStore, del, get, keys, set, type UseStore } from "idb-keyval";
import { fail, ok, type Result } from "../core/result";
import { entriesOf, type LocalFolder, type PermissionHandle } from "./folder-access";

/** A folder that was remembered by its name, after a reload. */
export type Remembered =
  | { readonly state: "ready"; readonly folder: LocalFolder }
  /** The browser asks the user again; `allow` is to be called in a click. */
  | { readonly state: "ask"; readonly allow: () => Promise<Result<LocalFolder>> }
  /** Unknown here, or gone from the disk: it has to be chosen again. */
  | { readonly state: "choose"; readonly why: string };

let store: UseStore | null = null;
const folders = (): UseStore => {
  store ??= createStore("demix-folders", "handles");
  return store;
};

/** Keeps a folder's handle under a name; false where it cannot be kept (a list of files, or no storage). */
export async function rememberFolder(name: string, { ref }: LocalFolder): Promise<boolean> {
  if (ref.kind !== "handle") return false;
  try {
    await set(name, ref.handle, folders());
    return true;
  } catch {
    return false;
  }
}

export async function forgetFolder(name: string): Promise<void> {
  await del(name, folders()).catch(() => undefined);
}

export async function rememberedNames(): Promise<string[]> {
  const names = await keys(folders()).catch(() => []);
  return names.map(String);
}

/** What became of a remembered folder; asks the user nothing. */
export async function rememberedFolder(name: string): Promise<Remembered> {
  const handle = await get<PermissionHandle>(name, folders()).catch(() => undefined);
  if (!handle)
    return {
      state: "choose",
      why: `This browser does not know the folder "${name}": choose it again.`,
    };
  // Folders of the browser's own storage have no permissions.
  const permission = (await handle.queryPermission?.({ mode: "read" })) ?? "granted";
  if (permission === "granted") return settled(name, handle);
  return { state: "ask", allow: () => ask(name, handle) };
}

async function settled(name: string, handle: PermissionHandle): Promise<Remembered> {
  const folder = await present(name, handle);
  return folder.ok ? { state: "ready", folder: folder.value } : { state: "choose", why: gone(name) };
}

async function ask(name: string, handle: PermissionHandle): Promise<Result<LocalFolder>> {
  const answer = await handle.requestPermission?.({ mode: "read" }).catch(() => "denied" as const);
  if (answer === "granted") return present(name, handle);
  return fail("bad-file", "the browser was not allowed to read the folder.", {
    file: name,
    remedy: "Allow it when the browser asks, or choose the folder again.",
  });
}

async function present(name: string, handle: PermissionHandle): Promise<Result<LocalFolder>> {
  try {
    for await (const _ of entriesOf(handle)) break;
    return ok({ name, ref: { kind: "handle", handle } });
  } catch {
    return fail("bad-file", gone(name), { file: name });
  }
}

const gone = (name: string): string =>
  `The folder "${name}" is no longer where it was, or cannot be read: choose it again.`;
