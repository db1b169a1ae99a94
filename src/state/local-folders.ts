import { fail, ok, type Result } from "../core/result";
import type { ChosenFile } from "../protocol/folder-ref";
import { directoryPicker, type LocalFolder } from "./folder-access";

/**
 * The user chooses a folder; null when the choice is cancelled. Only after a click. Where the browser keeps folders open
 * (Chromium) the ref is a handle, which can be remembered; elsewhere it is a list of files, which ends with the page.
 */
export async function pickFolder(): Promise<Result<LocalFolder | null>> {
  const picker = directoryPicker();
  if (!picker) return ok(folderOfFiles(await chooseFiles(true)));
  try {
    const handle = await picker({ id: "checkpoints", mode: "read" });
    return ok({ name: handle.name, ref: { kind: "handle", handle } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return ok(null);
    return fail("bad-file", `the browser did not give the folder (${String(error)}).`, {
      remedy: "Choose a folder of your own: browsers refuse system folders and the home folder itself.",
    });
  }
}

/** The user chooses files of one checkpoint; null when the choice is cancelled. Only after a click. */
export async function pickFiles(): Promise<LocalFolder | null> {
  return folderOfFiles(await chooseFiles(false));
}

/** Files as one folder: under their common folder's name, else as loose files. Null for none. */
export function folderOfFiles(files: readonly File[]): LocalFolder | null {
  const [first] = files;
  if (!first) return null;
  const top = first.webkitRelativePath?.split("/")[0];
  const common = top && files.every((f) => f.webkitRelativePath.startsWith(`${top}/`));
  const chosen: ChosenFile[] = files.map((file) => ({
    path: common ? file.webkitRelativePath.slice(top.length + 1) : file.name,
    file,
  }));
  return localFiles(common ? top : "chosen files", chosen);
}

export const localFiles = (name: string, files: readonly ChosenFile[]): LocalFolder => ({
  name,
  ref: { kind: "files", name, files },
});

/** Opens the browser's dialog of a file input; none when it is cancelled. */
function chooseFiles(folder: boolean): Promise<File[]> {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.webkitdirectory = folder;
  input.hidden = true;
  document.body.append(input);
  return new Promise((resolve) => {
    const done = () => {
      input.remove();
      resolve([...(input.files ?? [])]);
    };
    input.addEventListener("change", done, { once: true });
    input.addEventListener("cancel", done, { once: true });
    input.click();
  });
}
