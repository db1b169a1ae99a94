import { ok, type Result } from "../result";
import { translatePattern } from "../scoring/translate-pattern";

/** Python's re.sub(pattern, repl, text, count); `count` 0 replaces all matches. */
export function pythonSubstitute(text: string, pattern: string, repl: string, count: number): Result<string> {
  const regex = translatePattern(pattern);
  if (!regex.ok) return regex;
  let left = count > 0 ? count : Number.POSITIVE_INFINITY;
  return ok(
    text.replace(regex.value, (...found: unknown[]) => {
      const [match, ...groups] = found as string[];
      if (left-- <= 0) return match!;
      return expand(repl, [match!, ...groups]);
    }),
  );
}

const CONTROL: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\" };

function expand(repl: string, groups: readonly unknown[]): string {
  return repl.replace(/\\(?:g<(\d+)>|(\d{1,2})|([\s\S]))/g, (all, named, digits, char) => {
    const index = named ?? digits;
    if (index !== undefined) {
      const group = groups[Number(index)];
      return typeof group === "string" ? group : "";
    }
    return CONTROL[char as string] ?? all;
  });
}
