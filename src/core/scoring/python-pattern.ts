import { translatePattern } from "./translate-pattern";

const known = new Map<string, RegExp>();

/**
 * A Python pattern as JavaScript's, global. For patterns that `translatePattern` took before: what it refuses is a bug here.
 */
export function pythonPattern(pattern: string): RegExp {
  let regex = known.get(pattern);
  if (!regex) {
    const translated = translatePattern(pattern);
    if (!translated.ok) throw new Error(translated.problem.message);
    regex = translated.value;
    known.set(pattern, regex);
  }
  return regex;
}

/** Python's re.findall: of every match its groups, the whole match where the pattern has none; "" for a group without a match. */
export const findAll = (pattern: RegExp, text: string): (readonly string[])[] =>
  [...text.matchAll(pattern)].map((m) => (m.length > 1 ? m.slice(1).map((group) => group ?? "") : [m[0]]));
