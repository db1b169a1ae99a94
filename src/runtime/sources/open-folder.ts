import type { FolderSource } from "../../core/checkpoint/byte-source";
import type { FolderRef } from "../../protocol/folder-ref";
import { filesFolder } from "./files-folder";
import { handleFolder, opfsFolder } from "./handle-folder";
import { httpFolder } from "./http-folder";

/** A folder that is closed when nobody reads it any more; reading afterwards opens it again. */
export interface OpenFolder extends FolderSource {
  close(): void;
}

/** The folder that a ref names. Nothing is read or asked for until a file is. */
export function openFolder(ref: FolderRef): OpenFolder {
  return { ...folderOf(ref), close: () => undefined };
}

function folderOf(ref: FolderRef): FolderSource {
  switch (ref.kind) {
    case "handle":
      return handleFolder(ref.handle);
    case "files":
      return filesFolder(ref.name, ref.files);
    case "http":
      return httpFolder(ref.url.endsWith("/") ? ref.url : `${ref.url}/`);
    case "opfs":
      return opfsFolder(ref.path);
    case "hub":
      throw new Error("openFolder: hub repositories are not read yet");
  }
}
