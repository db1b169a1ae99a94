import type { Edit } from "./refs";

export interface Token {
  at: number;
  text: string;
}

export const WORD = /[A-Za-z]+/g;
export const PYTHON_TOKEN = /[A-Za-z_]\w*|\d+|[^\s\w]/g;

export function tokens(text: string, pattern: RegExp): Token[] {
  return [...text.matchAll(pattern)].map((match) => ({ at: match.index, text: match[0] }));
}

function put(text: string, token: Token, other: string): string {
  return text.slice(0, token.at) + other + text.slice(token.at + token.text.length);
}

/** The changed continuation. `swap i` exchanges tokens i and i + 1; `replace i j` puts token j of context + text at i. */
export function applyEdit(edit: Edit, context: string, text: string, pattern: RegExp): string {
  const own = tokens(text, pattern);
  const one = own[edit[1]];
  if (edit[0] === "swap") {
    const two = own[edit[1] + 1];
    if (!one || !two) throw new Error("an edit names a token that the line does not have");
    return put(put(text, two, one.text), one, two.text);
  }
  const other = tokens(context + text, pattern)[edit[2]];
  if (!one || !other) throw new Error("an edit names a token that the slice does not have");
  return put(text, one, other.text);
}
