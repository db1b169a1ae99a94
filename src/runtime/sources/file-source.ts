import { type ByteSource, reason, SourceError } from "../../core/checkpoint/byte-source";

const AGAIN = "Choose the folder again.";

/** A file that the user chose; a change on disk since then is refused, as the browser refuses it. */
export function fileSource(file: File, name: string): ByteSource {
  return {
    name,
    size: file.size,
    read: async (start, end, signal) => {
      signal?.throwIfAborted();
      try {
        return new Uint8Array(await file.slice(start, end).arrayBuffer());
      } catch (error) {
        throw diskError(error, name);
      }
    },
  };
}

/** Why the disk did not give a file, in the browser's error names, as a problem with its remedy. */
export function diskError(error: unknown, file: string): SourceError {
  const name = error instanceof Error ? error.name : "";
  const because = (message: string, remedy: string) =>
    new SourceError({ kind: "bad-file", message, file, remedy });
  if (name === "NotReadableError")
    return because("changed on disk after it was chosen, or cannot be read.", AGAIN);
  if (name === "NotFoundError") return because("is no longer on disk.", AGAIN);
  if (name === "NotAllowedError" || name === "SecurityError")
    return because(
      "may no longer be read: the browser's permission has ended.",
      "Give the permission again.",
    );
  return because(`could not be read (${reason(error)}).`, AGAIN);
}
