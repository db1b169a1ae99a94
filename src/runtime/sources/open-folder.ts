import type { FolderSource } from "../../core/checkpoint/byte-source";
import type { FolderRef } from "../../protocol/folder-ref";
import { filesFolder } from "./files-folder";
import { handleFolder, opfsFolder } from "./handle-folder";
import { httpFolder } from "./http-folder";
import { hubFolder } from "./hub-folder";
import type { SourceOptions } from "./source-options";

/** A folder that is closed when nobody reads it any more, so that the cache may evict it. */
export interface OpenFolder extends FolderSource {
  close(): void;
}

/** The folder that a ref names. Nothing is read or asked for until a file is. */
export function openFolder(ref: FolderRef, options: SourceOptions = {}): OpenFolder {
  switch (ref.kind) {
    case "handle":
      return local(handleFolder(ref.handle));
    case "files":
      return local(filesFolder(ref.name, ref.files));
    case "opfs":
      return local(opfsFolder(ref.path));
    case "http":
      return httpFolder(ref.url, options);
    case "hub":
      return hubFolder(ref, options);
  }
}

const local = (folder: FolderSource): OpenFolder => ({ ...folder, close: () => undefined });
