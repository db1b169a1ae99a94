import { isPackageName, PACKAGES, packageFile, SourceError } from "../corpus/packages";
import { sha256 } from "../corpus/rng";

/**
 * A change of a continuation: `swap i` exchanges tokens i and i + 1; `put i start end` replaces token i by bytes
 * [start, end) of the same file.
 */
export type Edit = readonly ["swap", number] | readonly ["put", number, number, number];

/**
 * Where an item's text stands. Offsets are bytes of the file: context [start, split), continuation [split, end);
 * a rolling item has split = start.
 */
export interface SliceRef {
  /** Index into the task's files. */
  file: number;
  start: number;
  split: number;
  end: number;
  /** SHA-256 of bytes [start, end). */
  sha256: string;
  /** One edit for each wrong choice. */
  edits?: readonly Edit[];
  /** Position of the right choice. */
  gold?: number;
}

export interface FileRef {
  package: string;
  version: string;
  file: string;
}

/** refs/<task>.json of a task on others' text: references only, never the text. */
export interface TextRefs {
  format: "demix-refs";
  version: 1;
  task: string;
  files: readonly FileRef[];
  items: readonly SliceRef[];
}

/** refs/<task>.json of a task on generated math: held-out documents by name, wrong choices by seed. */
export interface MathRefs {
  format: "demix-refs";
  version: 1;
  task: string;
  generator: number;
  seed: string;
  documents: readonly string[];
}

export type Refs = TextRefs | MathRefs;

/** An item's text, read from the installed package after checking its version and the slice's hash. */
export interface Slice {
  context: string;
  text: string;
  /** Bytes [start, end) of the slice's file, as text. */
  read(start: number, end: number): string;
}

export function readSlice(ref: SliceRef, files: readonly FileRef[], task: string): Slice {
  const from = files[ref.file];
  if (!from || !isPackageName(from.package)) {
    throw new SourceError(`${task}: an item names a file that is not listed.`);
  }
  const wanted = PACKAGES[from.package];
  if (from.version !== wanted) {
    throw new SourceError(
      `${task}: items were drawn from ${from.package} ${from.version}, the sources list ${wanted}: draw the references again (zoo/README.md).`,
    );
  }
  const bytes = packageFile(from.package, from.file);
  if (sha256(bytes.subarray(ref.start, ref.end)) !== ref.sha256) {
    throw new SourceError(
      `${task}: bytes ${ref.start} to ${ref.end} of ${from.file} in ${from.package} ${from.version} are not those the items were made from: run npm ci to restore the package.`,
    );
  }
  const read = (start: number, end: number): string => bytes.toString("utf8", start, end);
  return { context: read(ref.start, ref.split), text: read(ref.split, ref.end), read };
}
