import type { Problem } from "../core/result";

/** A file that was dropped on the Tasks page, and what became of it. */
export interface FoundFile {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  readonly state: "reading" | "read" | "refused";
  /** What it is, in one sentence; "" while it is read. */
  readonly recognised: string;
  /** Keys of the draft's tasks that it became. */
  readonly tasks: readonly string[];
  readonly warnings: readonly string[];
  readonly problem: Problem | null;
}
