/** A file of a chosen folder; `path` is relative to that folder, with "/" between its parts. */
export interface ChosenFile {
  readonly path: string;
  readonly file: File;
}

/**
 * Where a checkpoint folder lies, in a form that crosses a worker boundary:
 * - handle: a folder on disk that the browser keeps open (File System Access);
 * - files: files that were chosen or dropped where the browser keeps no folders open;
 * - http: a folder on a web server;
 * - hub: a Hugging Face repository; the token is kept in memory only and never stored with the ref;
 * - opfs: a folder in the browser's own storage, relative to its root.
 */
export type FolderRef =
  | { readonly kind: "handle"; readonly handle: FileSystemDirectoryHandle }
  | { readonly kind: "files"; readonly name: string; readonly files: readonly ChosenFile[] }
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "hub"; readonly repo: string; readonly revision: string; readonly token?: string }
  | { readonly kind: "opfs"; readonly path: string };
