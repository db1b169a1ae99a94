import { createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import type { FolderSet } from "../protocol/engine-protocol";
import type { FolderRef } from "../protocol/folder-ref";
import type { PermissionHandle } from "./folder-access";

/** A set that was open in this browser: the set file's text and where its members lie; no weights and no tokens. */
export interface RecentSet {
  readonly id: string;
  readonly name: string;
  readonly components: number;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  /** Of the weights, as far as it was known when the set was open last. */
  readonly hash: string | null;
  readonly set: Omit<FolderSet, "folders" | "home" | "tasks">;
  /** By member id; null for files that the browser does not keep. */
  readonly folders: Readonly<Record<string, FolderRef | null>>;
  readonly home: FolderRef | null;
  /** Folders that were chosen and hold the others: allowing them allows what lies in them. */
  readonly roots: readonly FileSystemDirectoryHandle[];
}

/** What becomes of a recent set now. */
export type Reopened =
  | { readonly state: "ready"; readonly folders: FolderSet["folders"]; readonly home: FolderRef | null }
  /** The browser asks the user again; `allow` is to be called in a click, and false when it was not allowed. */
  | { readonly state: "ask"; readonly allow: () => Promise<boolean> }
  /** Ids of members whose folders have to be chosen again. */
  | { readonly state: "choose"; readonly missing: readonly string[] };

const MOST = 12;
let store: UseStore | null = null;
const sets = (): UseStore => {
  store ??= createStore("demix-sets", "recent");
  return store;
};

/** What can be kept of a ref: no token, and no list of files, whose bytes the browser would copy. */
export function storable(ref: FolderRef): FolderRef | null {
  if (ref.kind === "files") return null;
  if (ref.kind !== "hub") return ref;
  return { kind: "hub", repo: ref.repo, revision: ref.revision };
}

/** Newest first; none where the browser denies storage. */
export async function recentSets(): Promise<RecentSet[]> {
  const all = await entries<string, RecentSet>(sets()).catch(() => []);
  return all.map(([, recent]) => recent).sort((a, b) => b.openedAt - a.openedAt);
}

export const recentSet = (id: string): Promise<RecentSet | null> =>
  get<RecentSet>(id, sets()).then(
    (recent) => recent ?? null,
    () => null,
  );

/** Keeps a set, and drops the oldest beyond a dozen; false where the browser denies it. */
export async function rememberSet(recent: RecentSet): Promise<boolean> {
  try {
    await set(recent.id, recent, sets());
    for (const { id } of (await recentSets()).slice(MOST)) await del(id, sets());
    return true;
  } catch {
    return false;
  }
}

export const forgetSet = (id: string): Promise<void> => del(id, sets()).catch(() => undefined);

/** Whether the set's folders can be read; asks the user nothing. Hub members get `token`. */
export async function reopened({ folders, home, roots }: RecentSet, token: string): Promise<Reopened> {
  const missing = Object.entries(folders).flatMap(([id, ref]) => (ref ? [] : [id]));
  if (missing.length > 0) return { state: "choose", missing };
  const refs = Object.entries(folders) as [string, FolderRef][];
  const handles = [...refs.map(([, ref]) => ref), ...(home ? [home] : [])].flatMap((ref) =>
    ref.kind === "handle" ? [ref.handle] : [],
  );
  const closed = await firstClosed(handles);
  if (closed) return { state: "ask", allow: () => allowAll([...roots, ...handles]) };
  const withToken = ([id, ref]: [string, FolderRef]) =>
    [id, ref.kind === "hub" && token ? { ...ref, token } : ref] as const;
  return { state: "ready", folders: Object.fromEntries(refs.map(withToken)), home };
}

// Folders of the browser's own storage have no permissions.
const stateOf = async (handle: PermissionHandle): Promise<PermissionState> =>
  (await handle.queryPermission?.({ mode: "read" })) ?? "granted";

async function firstClosed(handles: readonly FileSystemDirectoryHandle[]): Promise<PermissionHandle | null> {
  for (const handle of handles) if ((await stateOf(handle)) !== "granted") return handle;
  return null;
}

/** A folder that holds others comes first: with it they are allowed, and the user is asked once. */
async function allowAll(handles: readonly PermissionHandle[]): Promise<boolean> {
  for (const handle of handles) {
    if ((await stateOf(handle)) === "granted") continue;
    const answer = await handle.requestPermission?.({ mode: "read" }).catch(() => "denied" as const);
    if (answer !== "granted") return false;
  }
  return true;
}
