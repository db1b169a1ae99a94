import type { FolderRef } from "../protocol/folder-ref";

/** A folder on this machine: held open by the browser, or as a list of its files. */
export type LocalRef = Extract<FolderRef, { kind: "handle" | "files" }>;

export interface LocalFolder {
  /** As people know it: "runs/code", from the folder that was chosen on. */
  readonly name: string;
  readonly ref: LocalRef;
}

type Mode = { readonly mode: "read" };

/** Parts of the File System Access API that Chromium alone has, and that TypeScript's library lacks. */
export interface PermissionHandle extends FileSystemDirectoryHandle {
  queryPermission?(mode: Mode): Promise<PermissionState>;
  requestPermission?(mode: Mode): Promise<PermissionState>;
}

type DirectoryPicker = (options: Mode & { readonly id: string }) => Promise<FileSystemDirectoryHandle>;
type DroppedItem = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };

/** Firefox and Safari have none: a file input chooses folders there, and they cannot be kept over a reload. */
export const directoryPicker = (): DirectoryPicker | null =>
  (globalThis as { showDirectoryPicker?: DirectoryPicker }).showDirectoryPicker?.bind(globalThis) ?? null;

/** The dropped item's handle; null where the browser gives none. To be called before anything is awaited. */
export const droppedHandle = (item: DataTransferItem): Promise<FileSystemHandle | null> | null =>
  (item as DroppedItem).getAsFileSystemHandle?.().catch(() => null) ?? null;

export const entriesOf = (
  handle: FileSystemDirectoryHandle,
): AsyncIterable<readonly [string, FileSystemHandle]> =>
  (handle as unknown as { entries(): AsyncIterable<readonly [string, FileSystemHandle]> }).entries();
