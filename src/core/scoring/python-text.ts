/** White space as Python's str.isspace() has it: JavaScript's without the byte order mark, and five controls. */
const SPACE = /[^\S\uFEFF]/u;
export const isPythonSpace = (char: string): boolean =>
  SPACE.test(char) || "\x1c\x1d\x1e\x1f\x85".includes(char);

/** Python's str.rstrip(). */
export function pythonRstrip(text: string): string {
  let end = text.length;
  while (end > 0 && isPythonSpace(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** Python's str.strip(). */
export function pythonStrip(text: string): string {
  let start = 0;
  while (start < text.length && isPythonSpace(text[start]!)) start++;
  return pythonRstrip(text.slice(start));
}

/** Length of Python's re.split(r"\s+", text): one more than the stretches of white space. */
export function countWords(text: string): number {
  let stretches = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const space = isPythonSpace(text[i]!);
    if (space && !inside) stretches++;
    inside = space;
  }
  return stretches + 1;
}

/** len() of a Python string: code points. */
export const pythonLength = (text: string): number => [...text].length;
