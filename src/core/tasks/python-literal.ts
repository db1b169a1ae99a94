/** A value that Python's ast.literal_eval gives; dictionaries as maps of text. */
export type Literal =
  | string
  | number
  | boolean
  | null
  | readonly Literal[]
  | { readonly [key: string]: Literal };

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

/** Python's ast.literal_eval for strings, numbers, None, True, False, lists, tuples and dictionaries; undefined where it fails. */
export function pythonLiteral(text: string): Literal | undefined {
  const reader = new Reader(text.replace(/^[ \t]+/, ""));
  const value = reader.value(0);
  return value !== undefined && reader.atEnd() ? value : undefined;
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  atEnd(): boolean {
    this.blank();
    return this.at >= this.text.length;
  }

  value(depth: number): Literal | undefined {
    this.blank();
    if (depth > 50) return undefined;
    const c = this.text[this.at];
    if (c === undefined) return undefined;
    if (c === "[") return this.list("]", depth)?.items;
    if (c === "(") {
      const list = this.list(")", depth);
      return list && list.items.length === 1 && !list.comma ? list.items[0] : list?.items;
    }
    if (c === "{") return this.dictionary(depth);
    if (/['"]/.test(c) || /^[rRuU]['"]/.test(this.text.slice(this.at, this.at + 2))) return this.strings();
    const rest = this.text.slice(this.at, this.at + 64);
    const word = /^(?:None|True|False)\b/.exec(rest)?.[0];
    if (word) {
      this.at += word.length;
      return word === "None" ? null : word === "True";
    }
    const number =
      /^[+-]?(?:\d+(?:_\d+)*)?(?:\.(?:\d+(?:_\d+)*)?)?(?:[eE][+-]?\d+)?/
        .exec(rest)?.[0]
        .replaceAll("_", "") ?? "";
    if (!/\d/.test(number) || /^[+-]?0\d/.test(number)) return undefined;
    this.at += number.length;
    return Number(number);
  }

  private list(end: string, depth: number): { items: Literal[]; comma: boolean } | undefined {
    this.at++;
    const items: Literal[] = [];
    let comma = false;
    for (;;) {
      this.blank();
      if (this.text[this.at] === end) {
        this.at++;
        return { items, comma };
      }
      if (items.length > 0 && !comma) return undefined;
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      this.blank();
      comma = this.text[this.at] === ",";
      if (comma) this.at++;
    }
  }

  private dictionary(depth: number): Literal | undefined {
    this.at++;
    const entries: [string, Literal][] = [];
    for (;;) {
      this.blank();
      if (this.text[this.at] === "}") {
        this.at++;
        return Object.fromEntries(entries);
      }
      const key = this.value(depth + 1);
      this.blank();
      if (key === undefined || this.text[this.at++] !== ":") return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      entries.push([String(key), value]);
      this.blank();
      if (this.text[this.at] === ",") this.at++;
      else if (this.text[this.at] !== "}") return undefined;
    }
  }

  /** Strings that stand side by side are one. */
  private strings(): string | undefined {
    let whole = "";
    for (;;) {
      const raw = /^[rR]/.test(this.text[this.at]!);
      if (/[rRuU]/.test(this.text[this.at]!)) this.at++;
      const part = this.string(raw);
      if (part === undefined) return undefined;
      whole += part;
      this.blank();
      if (!/^(?:[rRuU]?['"])/.test(this.text.slice(this.at, this.at + 2))) return whole;
    }
  }

  private string(raw: boolean): string | undefined {
    const quote = this.text[this.at]!;
    const end = this.text.startsWith(quote.repeat(3), this.at) ? quote.repeat(3) : quote;
    this.at += end.length;
    let out = "";
    while (this.at < this.text.length) {
      if (this.text.startsWith(end, this.at)) {
        this.at += end.length;
        return out;
      }
      const c = this.text[this.at++]!;
      if (c === "\n" && end.length === 1) return undefined;
      if (c !== "\\") {
        out += c;
        continue;
      }
      const e = this.text[this.at++] ?? "";
      if (raw) out += `\\${e}`;
      else if (e in ESCAPES) out += ESCAPES[e];
      else {
        const rest = this.text.slice(this.at, this.at + 8);
        const digits = { x: 2, u: 4, U: 8 }[e];
        const octal = /^[0-7]{1,3}/.exec(e + rest)?.[0];
        if (digits) {
          const code = Number.parseInt(rest.slice(0, digits), 16);
          if (!(code <= 0x10ffff)) return undefined;
          out += String.fromCodePoint(code);
          this.at += digits;
        } else if (octal) {
          out += String.fromCharCode(Number.parseInt(octal, 8));
          this.at += octal.length - 1;
        } else out += `\\${e}`;
      }
    }
    return undefined;
  }

  private blank(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at++;
  }
}

/** Python's repr of a text. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = [...text].map((c) => {
    if (c === quote || c === "\\") return `\\${c}`;
    if (c === "\n") return "\\n";
    if (c === "\r") return "\\r";
    if (c === "\t") return "\\t";
    const code = c.codePointAt(0)!;
    if (c === " " || !/[\p{C}\p{Z}]/u.test(c)) return c;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code < 0x10000
      ? `\\u${code.toString(16).padStart(4, "0")}`
      : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return quote + body.join("") + quote;
}
