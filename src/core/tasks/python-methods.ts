import { isPythonSpace } from "../scoring/python-text";

type Method = (args: readonly unknown[]) => unknown;

class NotFound extends Error {}

/** Python's methods of texts and lists that the Jinja library lacks or has otherwise; undefined for others. */
export function pythonMethod(value: unknown, name: string): Method | undefined {
  if (typeof value === "string") return TEXT[name] && ((args) => TEXT[name]!(value, args));
  if (Array.isArray(value)) return LIST[name] && ((args) => LIST[name]!(value, args));
  return undefined;
}

const strip = (text: string, chars: unknown, left: boolean, right: boolean): string => {
  const drops = typeof chars === "string" ? (c: string) => chars.includes(c) : isPythonSpace;
  const all = [...text];
  let start = 0;
  let end = all.length;
  while (left && start < end && drops(all[start]!)) start++;
  while (right && end > start && drops(all[end - 1]!)) end--;
  return all.slice(start, end).join("");
};
const points = (text: string, units: number): number => (units < 0 ? -1 : [...text.slice(0, units)].length);
const found = (at: number, what: unknown): number => {
  if (at < 0) throw new NotFound(`${JSON.stringify(what)} is not in it`);
  return at;
};

const TEXT: Readonly<Record<string, (text: string, args: readonly unknown[]) => unknown>> = {
  strip: (t, [chars]) => strip(t, chars, true, true),
  lstrip: (t, [chars]) => strip(t, chars, true, false),
  rstrip: (t, [chars]) => strip(t, chars, false, true),
  capitalize: (t) => [...t].map((c, i) => (i === 0 ? c.toUpperCase() : c.toLowerCase())).join(""),
  index: (t, [part]) => found(points(t, t.indexOf(String(part))), part),
  find: (t, [part]) => points(t, t.indexOf(String(part))),
  rfind: (t, [part]) => points(t, t.lastIndexOf(String(part))),
  count: (t, [part]) => (part === "" ? [...t].length + 1 : t.split(String(part)).length - 1),
  isdigit: (t) => /^\p{Nd}+$/u.test(t),
  isalpha: (t) => /^\p{L}+$/u.test(t),
  isupper: (t) => t === t.toUpperCase() && t !== t.toLowerCase(),
  islower: (t) => t === t.toLowerCase() && t !== t.toUpperCase(),
  join: (t, [parts]) => (parts as readonly unknown[]).map(String).join(t),
  removeprefix: (t, [part]) => (t.startsWith(String(part)) ? t.slice(String(part).length) : t),
  removesuffix: (t, [part]) =>
    part !== "" && t.endsWith(String(part)) ? t.slice(0, -String(part).length) : t,
  splitlines: (t) => (t === "" ? [] : pythonLines(t)),
};

function pythonLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

const LIST: Readonly<Record<string, (list: readonly unknown[], args: readonly unknown[]) => unknown>> = {
  index: (list, [item]) => found(list.indexOf(item), item),
  count: (list, [item]) => list.filter((x) => x === item).length,
};
