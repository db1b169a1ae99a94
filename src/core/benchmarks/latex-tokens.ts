const SKIPPED = new Set(
  "left right quad qquad thinspace medspace thickspace negthinspace negmedspace negthickspace".split(" "),
);
const RELATIONS = new Set("le leq leqq leqslant ge geq geqq geqslant neq".split(" "));

export type LatexToken =
  | { readonly kind: "digits"; readonly text: string }
  | { readonly kind: "letter"; readonly text: string }
  | { readonly kind: "command"; readonly text: string }
  | { readonly kind: "relation" }
  | { readonly kind: "sign"; readonly text: string };

const TOKEN =
  /\s+|\\[,:;!]|(\d+)|(d(?:[a-zA-Z]|\\[a-zA-Z]+))|([a-zA-Z])|\\([a-zA-Z]+)|([<>=])|(\\[{}])|([-+*/(){}[\]|_^:!',.])/y;

/** LaTeX → tokens as sympy's grammar has them; null where a character is none of its own. */
export function latexTokens(text: string): readonly LatexToken[] | null {
  const tokens: LatexToken[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null) return null;
    const [, digits, differential, letter, command, relation, brace, sign] = found;
    if (digits !== undefined) tokens.push({ kind: "digits", text: digits });
    else if (differential !== undefined) tokens.push({ kind: "letter", text: differential });
    else if (letter !== undefined) tokens.push({ kind: "letter", text: letter });
    else if (command !== undefined) {
      if (RELATIONS.has(command)) tokens.push({ kind: "relation" });
      else if (!SKIPPED.has(command)) tokens.push({ kind: "command", text: command });
    } else if (relation !== undefined) tokens.push({ kind: "relation" });
    else if (brace !== undefined || sign !== undefined) tokens.push({ kind: "sign", text: brace ?? sign! });
  }
  return tokens;
}
