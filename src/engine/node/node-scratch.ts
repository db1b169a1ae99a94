import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reason } from "../../core/checkpoint/byte-source";
import { fail, ok, type Result } from "../../core/result";
import type { ScratchFile } from "../../runtime/streamed/scratch-file";

/** A temporary file that nobody else sees; where the system lets it, it has no name from the beginning. */
export async function nodeScratch(): Promise<ScratchFile | null> {
  try {
    const folder = await mkdtemp(join(tmpdir(), "demix-"));
    const remove = () => rm(folder, { recursive: true, force: true }).catch(() => undefined);
    const file = await open(join(folder, "scratch"), "wx+");
    await remove();
    return {
      write: (at, bytes) => all("written", bytes, (part, done) => writePart(file, part, at + done)),
      read: (at, into) => all("read", into, (part, done) => readPart(file, part, at + done)),
      close: async () => {
        await file.close();
        await remove();
      },
    };
  } catch {
    return null;
  }
}

const writePart = async (file: FileHandle, part: Uint8Array, at: number) =>
  (await file.write(part, 0, part.length, at)).bytesWritten;

const readPart = async (file: FileHandle, part: Uint8Array, at: number) =>
  (await file.read(part, 0, part.length, at)).bytesRead;

/** Repeats `step` until all bytes are done: a call may do a part of them. */
async function all(
  what: string,
  bytes: Uint8Array,
  step: (part: Uint8Array, done: number) => Promise<number>,
): Promise<Result<null>> {
  let why = "the temporary file is shorter than expected";
  try {
    for (let done = 0; ; ) {
      if (done === bytes.length) return ok(null);
      const more = await step(bytes.subarray(done), done);
      if (more === 0) break;
      done += more;
    }
  } catch (error) {
    why = reason(error);
  }
  return fail("quota", `intermediate values could not be ${what} (${why}).`, {
    remedy: "Free space where temporary files lie (TMPDIR).",
  });
}
