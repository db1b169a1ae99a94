/** A failure that a user can cause or meet: one sentence that names the thing, and what to do. */
export interface Problem {
  readonly kind:
    | "bad-file"
    | "bad-set"
    | "bad-recipe"
    | "bad-task"
    | "network"
    | "backend"
    | "worker-died"
    | "quota"
    | "not-enough-data"
    | "cancelled";
  readonly message: string;
  readonly file?: string;
  readonly tensor?: string;
  readonly remedy?: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = <T = never>(
  kind: Problem["kind"],
  message: string,
  where: { file?: string; tensor?: string; remedy?: string } = {},
): Result<T> => ({ ok: false, problem: { kind, message, ...where } });

/** The sentence shown to people: what, where, and what to do. */
export function sentence(problem: Problem): string {
  const place = [problem.file, problem.tensor]
    .filter((s) => s && !problem.message.includes(s))
    .join(", tensor ");
  return [place ? `${place}: ${problem.message}` : problem.message, problem.remedy].filter(Boolean).join(" ");
}
