/** Characters whose title case is not their upper case: the digraphs, and Georgian, which has no title case. */
const TITLE: Readonly<Record<string, string>> = {
  Ǆ: "ǅ",
  ǆ: "ǅ",
  Ǉ: "ǈ",
  ǉ: "ǈ",
  Ǌ: "ǋ",
  ǌ: "ǋ",
  Ǳ: "ǲ",
  ǳ: "ǲ",
};

/** Python's str.capitalize(): the first character in title case, all others in lower case. */
export function pythonCapitalize(text: string): string {
  const [first] = text;
  if (first === undefined) return "";
  return titleCase(first) + text.slice(first.length).toLowerCase();
}

function titleCase(char: string): string {
  const known = TITLE[char];
  if (known !== undefined) return known;
  if (/[\u10d0-\u10ff]/.test(char)) return char;
  const [head, ...rest] = char.toUpperCase();
  return head + rest.join("").toLowerCase();
}
