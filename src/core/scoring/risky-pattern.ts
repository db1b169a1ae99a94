/** What a group holds: repetitions without an end, and branches. */
interface Group {
  endless: boolean;
  branches: boolean;
}

/**
 * Whether a regular expression repeats without end what itself has such a repetition, or branches, in it: "(a+)*", "(a|a)+".
 * Matching by backtracking, as the engines of browsers do, can take a time exponential in the text's length then. The
 * patterns of real tokenizers do without.
 */
export function isRiskyPattern(source: string): boolean {
  let group: Group = { endless: false, branches: false };
  const outer: Group[] = [];
  for (let at = 0; at < source.length; at++) {
    const c = source[at];
    if (c === "\\") at++;
    else if (c === "[") at = classEnd(source, at);
    else if (c === "|") group.branches = true;
    else if (c === "(") {
      outer.push(group);
      group = { endless: false, branches: false };
    } else if (c === ")") {
      const endless = isEndless(source, at + 1);
      if (endless && (group.endless || group.branches)) return true;
      const around = outer.pop() ?? { endless: false, branches: false };
      around.endless ||= group.endless;
      around.branches ||= group.branches;
      group = around;
    }
    if (c !== "(" && c !== "|" && isEndless(source, at + 1)) group.endless = true;
  }
  return false;
}

/** Position of the bracket that closes the class which begins at `from`; classes stand inside classes in some dialects. */
function classEnd(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const c = source[at];
    if (c === "\\") at++;
    else if (c === "[" && source[at + 1] !== "]") depth++;
    else if (c === "]" && --depth <= 0) return at;
  }
  return source.length;
}

const isEndless = (source: string, at: number): boolean =>
  source[at] === "*" || source[at] === "+" || /^\{\d*,\}/.test(source.slice(at, at + 12));

/** The first risky pattern of a parsed tokenizer.json; null where there is none. */
export function riskyPattern(tokenizer: unknown): string | null {
  if (typeof tokenizer !== "object" || tokenizer === null) return null;
  for (const [key, value] of Object.entries(tokenizer)) {
    if (key === "Regex" && typeof value === "string" && isRiskyPattern(value)) return value;
    const inside = riskyPattern(value);
    if (inside !== null) return inside;
  }
  return null;
}
