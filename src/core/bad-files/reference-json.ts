const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gs;

/**
 * A reading of JSON that shares no code with the readers under test: the value by `JSON.parse`, which throws for what is no
 * JSON, and whether some object has a key twice, by the signs alone.
 */
export function referenceJson(text: string): { readonly value: unknown; readonly repeats: boolean } {
  const value: unknown = JSON.parse(text);
  const open: (Set<string> | null)[] = [];
  const tokens = text.match(TOKEN) ?? [];
  let repeats = false;
  for (const [i, token] of tokens.entries()) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (tokens[i + 1] === ":") {
      const keys = open.at(-1);
      const key = JSON.parse(token) as string;
      if (keys?.has(key)) repeats = true;
      keys?.add(key);
    }
  }
  return { value, repeats };
}

/** The text of a file without a byte order mark; throws where it is not UTF-8. */
export const referenceText = (bytes: Uint8Array): string =>
  new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/** JSON of a file whose keys are all different; throws for any other. */
export function referenceValue(bytes: Uint8Array): unknown {
  const { value, repeats } = referenceJson(referenceText(bytes));
  if (repeats) throw new Error("a key occurs twice");
  return value;
}
