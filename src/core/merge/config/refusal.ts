import { fail, ok, type Problem, type Result } from "../../result";

/** Thrown inside a reader and turned into a value at its door: the first thing in a file that cannot be read. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** What `read` gives, or its Refusal as a failure that names the file. */
export function refusable<T>(kind: Problem["kind"], file: string, read: () => T): Result<T> {
  try {
    return ok(read());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return fail(kind, error.message, { file, remedy: error.remedy });
  }
}
