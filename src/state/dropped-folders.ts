import type { ChosenFile } from "../protocol/folder-ref";
import { droppedHandle, type LocalFolder } from "./folder-access";
import { folderOfFiles, localFiles } from "./local-folders";

const MOST_FILES = 20_000;

/**
 * The folders that were dropped, and the loose files as one more. Handles where the browser gives them, else the folders'
 * files. To be called in the drop event itself: afterwards the browser has forgotten the items.
 */
export function droppedFolders(items: Iterable<DataTransferItem>): Promise<LocalFolder[]> {
  const dropped = [...items]
    .filter((item) => item.kind === "file")
    .map((item) => ({
      handle: droppedHandle(item),
      entry: item.webkitGetAsEntry?.() ?? null,
      file: item.getAsFile(),
    }));
  return collect(dropped);
}

interface Dropped {
  readonly handle: Promise<FileSystemHandle | null> | null;
  readonly entry: FileSystemEntry | null;
  readonly file: File | null;
}

async function collect(dropped: readonly Dropped[]): Promise<LocalFolder[]> {
  const folders: LocalFolder[] = [];
  const loose: File[] = [];
  for (const { handle: promised, entry, file } of dropped) {
    const handle = await promised;
    if (handle?.kind === "directory") {
      const ref = { kind: "handle", handle: handle as FileSystemDirectoryHandle } as const;
      folders.push({ name: handle.name, ref });
    } else if (entry?.isDirectory) {
      const files: ChosenFile[] = [];
      await readEntry(entry as FileSystemDirectoryEntry, "", files);
      folders.push(localFiles(entry.name, files));
    } else if (file) loose.push(file);
  }
  const rest = folderOfFiles(loose);
  return rest ? [...folders, rest] : folders;
}

async function readEntry(
  folder: FileSystemDirectoryEntry,
  prefix: string,
  files: ChosenFile[],
): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // Chromium gives at most 100 entries at a time.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0 || files.length > MOST_FILES) return;
    for (const entry of entries) {
      const path = prefix + entry.name;
      if (entry.isDirectory) await readEntry(entry as FileSystemDirectoryEntry, `${path}/`, files);
      else files.push({ path, file: await fileOf(entry as FileSystemFileEntry) });
    }
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));
