const SIMPLE: Readonly<Record<string, string>> = { a: "\x07", "\n": "" };
/** Escapes that the Jinja library reads as Python does. */
const SHARED = "ntrbfv'\"\\";

/**
 * A template in which the escapes of its texts in quotes are those that the Jinja library knows: jinja2 reads them as Python
 * does (\x41, \u00e9, \101), and leaves an escape that Python does not know as it stands.
 */
export function jinjaStrings(template: string): string {
  let out = "";
  let at = 0;
  while (at < template.length) {
    const open = /\{[{%#]/g;
    open.lastIndex = at;
    const found = open.exec(template);
    if (!found) return out + template.slice(at);
    out += template.slice(at, found.index);
    const end = found[0] === "{#" ? "#}" : found[0] === "{{" ? "}}" : "%}";
    at = found.index + 2;
    out += found[0];
    while (at < template.length && !template.startsWith(end, at)) {
      const c = template[at]!;
      if (end !== "#}" && (c === "'" || c === '"')) {
        const [text, next] = quoted(template, at);
        out += text;
        at = next;
      } else {
        out += c;
        at++;
      }
    }
  }
  return out;
}

/** The quoted text that begins at `from`, and where it ends. */
function quoted(template: string, from: number): [string, number] {
  const quote = template[from]!;
  let out = quote;
  let at = from + 1;
  while (at < template.length && template[at] !== quote) {
    const c = template[at++]!;
    if (c !== "\\") {
      out += c;
      continue;
    }
    const e = template[at++] ?? "";
    const rest = template.slice(at, at + 8);
    const digits = { x: 2, u: 4, U: 8 }[e];
    const octal = /^[0-7]{1,3}/.exec(e + rest)?.[0];
    if (SHARED.includes(e)) out += c + e;
    else if (e in SIMPLE) out += SIMPLE[e];
    else if (octal) {
      out += escaped(String.fromCharCode(Number.parseInt(octal, 8)));
      at += octal.length - 1;
    } else if (digits && new RegExp(`^[0-9a-fA-F]{${digits}}`).test(rest)) {
      out += escaped(String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(rest.slice(0, digits), 16))));
      at += digits;
    } else out += `\\\\${e}`;
  }
  return [out + (template[at] ?? ""), at + 1];
}

const escaped = (c: string): string => (/['"\\]/.test(c) ? `\\${c}` : c);
