/** A Python program to run in the sandbox: the generated text with its tests, whole. */
export interface CodeJob {
  readonly program: string;
  /** Seconds. */
  readonly timeLimit: number;
  /** Bytes of the interpreter's memory. */
  readonly memoryLimit: number;
}

export type CodeVerdict =
  | { readonly kind: "passed" }
  /** An exception: its type and message. */
  | { readonly kind: "failed"; readonly error: string }
  | { readonly kind: "timeout" }
  | { readonly kind: "memory" }
  /** The interpreter itself could not go on. */
  | { readonly kind: "crashed"; readonly error: string };

/** Bytes: several times what a benchmark's program needs beside the interpreter's own 32 MB. */
export const DEFAULT_MEMORY_LIMIT = 256 << 20;

/** Runs one program; null when it was cancelled. */
export type RunCode = (job: CodeJob, signal?: AbortSignal) => Promise<CodeVerdict | null>;
