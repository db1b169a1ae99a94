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

/** The changed continuation; `read` gives bytes of the file that the text stands in. */
export function applyEdit(
  edit: Edit,
  text: string,
  pattern: RegExp,
  read: (start: number, end: number) => string,
): string {
  const own = tokens(text, pattern);
  const one = own[edit[1]];
  if (!one) throw new Error("an edit names a token that the line does not have");
  if (edit[0] === "put") return put(text, one, read(edit[2], edit[3]));
  const two = own[edit[1] + 1];
  if (!two) throw new Error("an edit names a token that the line does not have");
  return put(put(text, two, one.text), one, two.text);
}
