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

/** The sentence shown to people: what, where, and what to do. A place that the message quotes is not said twice. */
export function sentence({ file, tensor, message, remedy }: Problem): string {
  const quoted = (name: string) => message.includes(`"${name}"`);
  const place = [
    file && !quoted(file) && !message.startsWith(file) ? file : "",
    tensor && !quoted(tensor) ? tensor : "",
  ].filter(Boolean);
  return [place.length > 0 ? `${place.join(", tensor ")}: ${message}` : message, remedy]
    .filter(Boolean)
    .join(" ");
}
