import { fail, ok, type Result } from "../../core/result";
import type { MergeTarget } from "../../protocol/engine-protocol";
import { directoryPicker } from "../../state/folder-access";
import { fileStem } from "./hand-over";

type Picker = (options: { id: string; mode: "readwrite" }) => Promise<FileSystemDirectoryHandle>;

/** Whether this browser writes to folders on disk. */
export const canWriteToDisk = (): boolean => directoryPicker() !== null;

/** The user chooses a folder; null when the choice is cancelled. Only after a click. */
export async function pickTarget(): Promise<Result<MergeTarget | null>> {
  try {
    const { showDirectoryPicker } = window as unknown as { showDirectoryPicker: Picker };
    const handle = await showDirectoryPicker({ id: "merged", mode: "readwrite" });
    return ok({ kind: "handle", handle });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return ok(null);
    return fail("quota", `the browser did not give the folder (${String(error)}).`, {
      remedy: "Choose an empty folder of your own, and allow this site to write to it.",
    });
  }
}

/** A new folder of the browser's own storage. */
export function storageTarget(name: string, at: Date): MergeTarget {
  const time = at.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  return { kind: "opfs", path: `${fileStem(name)}-${time}` };
}

/** The folder's name, as people know it. */
export function targetName(target: MergeTarget): string {
  return target.kind === "handle" ? target.handle.name : target.path;
}
