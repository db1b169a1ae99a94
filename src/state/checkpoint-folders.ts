import { fail, ok, type Result } from "../core/result";
import type { ChosenFile } from "../protocol/folder-ref";
import { entriesOf, type LocalFolder } from "./folder-access";

/** Folders are searched so deep: a Hugging Face cache has its files in models--x/snapshots/COMMIT/. */
const DEPTH = 4;
const MOST_ENTRIES = 20_000;
export const SET_FILE = "demix-set.json";

/** What was found in a chosen folder. */
export interface FoundFolders {
  /** The folder that holds a demix-set.json, the outermost one; its members may lie in it. */
  readonly set: LocalFolder | null;
  readonly checkpoints: readonly LocalFolder[];
}

/** The checkpoints in a folder: itself, or what lies in it; and a component set. Reads names, no contents. */
export async function findCheckpoints(folder: LocalFolder): Promise<Result<FoundFolders>> {
  try {
    const paths: string[] = [];
    const { ref } = folder;
    if (ref.kind === "handle") await listPaths(ref.handle, "", DEPTH, paths);
    else paths.push(...ref.files.map(({ path }) => path));
    if (paths.length > MOST_ENTRIES)
      return fail("bad-set", `has more than ${MOST_ENTRIES} files.`, {
        file: folder.name,
        remedy: "Choose the folder of the checkpoints themselves.",
      });
    const { sets, checkpoints } = checkpointPaths(paths);
    const [set] = sets;
    return ok({
      set: set === undefined ? null : await within(folder, set),
      checkpoints: await Promise.all(checkpoints.map((path) => within(folder, path))),
    });
  } catch (error) {
    return fail("bad-file", `its files cannot be listed (${String(error)}).`, {
      file: folder.name,
      remedy: "Choose the folder again.",
    });
  }
}

/**
 * Folders ("" is the outermost) that hold a component set, and those that hold a checkpoint: a config, an adapter's config
 * or weights. What lies deeper in a checkpoint (a trainer's "checkpoint-500/") is part of it.
 */
export function checkpointPaths(paths: readonly string[]): { sets: string[]; checkpoints: string[] } {
  const sets = new Set<string>();
  const holders = new Set<string>();
  for (const path of paths) {
    const cut = path.lastIndexOf("/");
    const folder = path.slice(0, Math.max(0, cut));
    const name = path.slice(cut + 1);
    if (name === SET_FILE) sets.add(folder);
    if (name === "config.json" || name === "adapter_config.json" || name.endsWith(".safetensors"))
      holders.add(folder);
  }
  const outer = (folder: string): boolean => {
    for (let cut = folder.lastIndexOf("/"); folder !== ""; cut = folder.lastIndexOf("/")) {
      folder = folder.slice(0, Math.max(0, cut));
      if (holders.has(folder)) return false;
    }
    return true;
  };
  const byDepth = (a: string, b: string) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1);
  return {
    sets: [...sets].sort(byDepth),
    checkpoints: [...holders].filter(outer).sort((a, b) => a.localeCompare(b, "en", { numeric: true })),
  };
}

async function listPaths(
  handle: FileSystemDirectoryHandle,
  prefix: string,
  depth: number,
  paths: string[],
): Promise<void> {
  for await (const [name, entry] of entriesOf(handle)) {
    if (paths.length > MOST_ENTRIES) return;
    if (entry.kind === "file") paths.push(prefix + name);
    else if (depth > 1 && !name.startsWith("."))
      await listPaths(entry as FileSystemDirectoryHandle, `${prefix}${name}/`, depth - 1, paths);
  }
}

/** A folder in a folder. */
async function within({ name, ref }: LocalFolder, path: string): Promise<LocalFolder> {
  if (path === "") return { name, ref };
  const full = `${name}/${path}`;
  if (ref.kind === "files") {
    const files: ChosenFile[] = [];
    for (const file of ref.files)
      if (file.path.startsWith(`${path}/`)) files.push({ ...file, path: file.path.slice(path.length + 1) });
    return { name: full, ref: { kind: "files", name: full, files } };
  }
  let { handle } = ref;
  for (const part of path.split("/")) handle = await handle.getDirectoryHandle(part);
  return { name: full, ref: { kind: "handle", handle } };
}
