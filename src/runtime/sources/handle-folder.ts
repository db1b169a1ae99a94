import type { FolderSource } from "../../core/checkpoint/byte-source";
import { diskError, fileSource } from "./file-source";

/** A folder on disk by the browser's handle, or a folder of the browser's own storage. */
export function handleFolder(handle: FileSystemDirectoryHandle, name = handle.name): FolderSource {
  return {
    name,
    file: async (path) => {
      const parts = path.split("/");
      const last = parts.pop();
      if (!last || parts.some(isOutside) || isOutside(last)) return null;
      try {
        let folder = handle;
        for (const part of parts) folder = await folder.getDirectoryHandle(part);
        const file = await (await folder.getFileHandle(last)).getFile();
        return fileSource(file, `${name}/${path}`);
      } catch (error) {
        if (isMissing(error)) return null;
        throw diskError(error, `${name}/${path}`);
      }
    },
  };
}

/** A folder of the browser's own storage by its path from the root ("" is the root). */
export function opfsFolder(
  path: string,
  root: () => Promise<FileSystemDirectoryHandle> = () => navigator.storage.getDirectory(),
): FolderSource {
  const parts = path.split("/").filter((part) => part.length > 0);
  const name = `browser storage/${parts.join("/")}`;
  return {
    name,
    file: async (file) => {
      if (parts.some(isOutside)) return null;
      try {
        let folder = await root();
        for (const part of parts) folder = await folder.getDirectoryHandle(part);
        return await handleFolder(folder, name).file(file);
      } catch (error) {
        if (isMissing(error)) return null;
        throw diskError(error, `${name}/${file}`);
      }
    },
  };
}

const isOutside = (part: string): boolean => part === "" || part === "." || part === "..";

/** Not there, or a folder where a file was asked for. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && (error.name === "NotFoundError" || error.name === "TypeMismatchError");
