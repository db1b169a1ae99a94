import type { FolderSource } from "../../core/checkpoint/byte-source";
import type { ChosenFile } from "../../protocol/folder-ref";
import { fileSource } from "./file-source";

/** Files that were chosen or dropped, by their paths relative to the folder. */
export function filesFolder(name: string, files: readonly ChosenFile[]): FolderSource {
  const known = new Map(files.map(({ path, file }) => [path, file]));
  return {
    name,
    file: async (path) => {
      const file = known.get(path);
      return file ? fileSource(file, `${name}/${path}`) : null;
    },
  };
}
