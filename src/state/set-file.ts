import type { ComponentSetSpec, SetMember } from "../core/checkpoint/component-set";
import { type MemberSource, parseSource } from "../core/checkpoint/member-source";
import { parseSetSpec } from "../core/checkpoint/set-spec";
import { fail, ok, type Result } from "../core/result";
import type { FolderRef } from "../protocol/folder-ref";
import { readHomeText } from "./home-files";

/** A set file that was read, and where its members lie as far as that is known. */
export interface SetFile {
  readonly text: string;
  /** Its name, for messages. */
  readonly file: string;
  readonly spec: ComponentSetSpec;
  readonly home: FolderRef | null;
  readonly folders: Readonly<Record<string, FolderRef>>;
  /** Members whose folders have to be chosen. */
  readonly missing: readonly MissingMember[];
  /** Its address, when it came from the web. */
  readonly address: string | null;
}

export interface MissingMember {
  readonly id: string;
  readonly label: string;
  /** What the set file calls the folder. */
  readonly folder: string;
}

export const membersOf = ({ base, components }: ComponentSetSpec): readonly SetMember[] => [
  base,
  ...components,
];

/** Text of a demix-set.json with what is known of its place. `token` is for the hub. */
export async function readSetFile(
  text: string,
  file: string,
  home: FolderRef | null,
  token = "",
  address: string | null = null,
): Promise<Result<SetFile>> {
  const spec = parseSetSpec(text, file);
  if (!spec.ok) return spec;
  const folders: Record<string, FolderRef> = {};
  const missing: MissingMember[] = [];
  for (const { id, label, source: written } of membersOf(spec.value)) {
    const source = parseSource(written, file);
    if (!source.ok) return source;
    const ref = await refOf(source.value, home, token);
    if (ref) folders[id] = ref;
    else missing.push({ id, label, folder: folderName(source.value) });
  }
  return ok({ text, file, spec: spec.value, home, folders, missing, address });
}

/** The set file in a folder that was chosen or named. */
export async function readSetIn(home: FolderRef, name: string, token = ""): Promise<Result<SetFile>> {
  const text = await readHomeText(home, "demix-set.json");
  return text.ok ? readSetFile(text.value, `${name}/demix-set.json`, home, token) : text;
}

/** A set file on the web, by its address or its folder's. */
export async function readSetAt(address: string, token = ""): Promise<Result<SetFile>> {
  const plain = address.replace(/\/+$/, "");
  const url = new URL(/\.json$/i.test(new URL(plain).pathname) ? plain : `${plain}/demix-set.json`);
  const cut = url.pathname.lastIndexOf("/") + 1;
  const home = { kind: "http", url: new URL(url.pathname.slice(0, cut), url).href } as const;
  const text = await readHomeText(home, url.pathname.slice(cut));
  if (text.ok) return readSetFile(text.value, url.href, home, token, url.href);
  return fail(text.problem.kind, text.problem.message, {
    file: url.href,
    remedy: "Check the address, and that the server allows other sites to read it (CORS).",
  });
}

const folderName = (source: MemberSource): string =>
  source.kind === "local" ? source.name : source.kind === "relative" ? source.path : "";

async function refOf(source: MemberSource, home: FolderRef | null, token: string): Promise<FolderRef | null> {
  switch (source.kind) {
    case "http":
      return { kind: "http", url: source.url };
    case "hub":
      return { kind: "hub", repo: source.repo, revision: source.revision, ...(token && { token }) };
    case "local":
      return null;
    case "relative":
      return home ? folderWithin(home, source.path.replace(/\/+$/, "")) : null;
  }
}

/** A folder in a folder; null where it is not there. */
export async function folderWithin(home: FolderRef, path: string): Promise<FolderRef | null> {
  if (path === "" || path === ".") return home;
  switch (home.kind) {
    case "http":
      return { kind: "http", url: new URL(`${path}/`, home.url).href };
    case "opfs":
      return { kind: "opfs", path: `${home.path}/${path}` };
    case "hub":
      return null;
    case "files": {
      const files = home.files.flatMap((f) =>
        f.path.startsWith(`${path}/`) ? [{ ...f, path: f.path.slice(path.length + 1) }] : [],
      );
      return files.length > 0 ? { kind: "files", name: `${home.name}/${path}`, files } : null;
    }
    case "handle": {
      try {
        let { handle } = home;
        for (const part of path.split("/")) handle = await handle.getDirectoryHandle(part);
        return { kind: "handle", handle };
      } catch {
        return null;
      }
    }
  }
}
