/** What a Python pattern has and this project does not translate. */
export class PatternError extends Error {}

/** Classes by Python's str methods, as members of a class in JavaScript's v mode. */
const WORD = "\\p{L}\\p{N}_";
const SPACE =
  "\\t\\n\\r\\f\\v \\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const UNICODE = { d: "\\p{Nd}", w: WORD, s: SPACE };
const ASCII = { d: "0-9", w: "A-Za-z0-9_", s: "\\t\\n\\r\\f\\v " };
const START = "(?<![\\s\\S])";
const END = "(?![\\s\\S])";
const CONTROL: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };

interface Part {
  readonly source: string;
  /** Holds a capturing group; one that can be left out while the part matches. */
  readonly captures: boolean;
  readonly skips: boolean;
}

/** Recursive descent over Python's `re` syntax (text patterns), emitting JavaScript's in v mode. */
export class PatternParser {
  private at = 0;
  private depth = 0;
  private skips = false;
  private referred = false;
  private readonly flags = { i: false, m: false, s: false, a: false };
  private readonly chars: readonly string[];

  constructor(pattern: string) {
    this.chars = [...pattern];
  }

  parse(): { source: string; ignoreCase: boolean } {
    this.globalFlags();
    const { source } = this.alternatives();
    if (this.at < this.chars.length) throw new PatternError('a ")" has no "(" before it');
    if (this.referred && this.skips)
      throw new PatternError("it refers back to a group where a group may have no match");
    return { source, ignoreCase: this.flags.i };
  }

  private globalFlags(): void {
    const found = /^\(\?([a-zA-Z]+)\)/.exec(this.chars.slice(0, 16).join(""));
    if (!found) return;
    for (const flag of found[1]!) {
      if (flag === "u") continue;
      if (!(flag in this.flags)) throw new PatternError(`the flag (?${flag}) is not known here`);
      this.flags[flag as "i" | "m" | "s" | "a"] = true;
    }
    this.at = found[0].length;
  }

  private peek(text: string): boolean {
    return this.chars.slice(this.at, this.at + text.length).join("") === text;
  }

  private take(text: string): boolean {
    const found = this.peek(text);
    if (found) this.at += text.length;
    return found;
  }

  private next(): string {
    const c = this.chars[this.at++];
    if (c === undefined) throw new PatternError("it ends too early");
    return c;
  }

  private alternatives(): Part {
    if (++this.depth > 100) throw new PatternError("it is nested too deeply");
    const branches = [this.sequence()];
    while (this.take("|")) branches.push(this.sequence());
    this.depth--;
    const captures = branches.some((b) => b.captures);
    const skips = branches.some((b) => b.skips) || (captures && branches.length > 1);
    this.skips ||= skips;
    return { source: branches.map((b) => b.source).join("|"), captures, skips };
  }

  private sequence(): Part {
    let source = "";
    let captures = false;
    let skips = false;
    while (this.at < this.chars.length && !this.peek("|") && !this.peek(")")) {
      const part = this.quantified(this.atom());
      source += part.source;
      captures ||= part.captures;
      skips ||= part.skips;
    }
    return { source, captures, skips };
  }

  private quantified(atom: Part & { readonly fixed?: boolean }): Part {
    const count = this.quantifier();
    if (!count) return atom;
    if (atom.fixed) throw new PatternError("a repetition has nothing to repeat");
    const lazy = this.take("?") ? "?" : "";
    if (this.take("+")) throw new PatternError("possessive repetitions are not known here");
    if (this.quantifier()) throw new PatternError("a repetition is repeated without brackets");
    const { least, most } = count;
    if (most < least) throw new PatternError("a repetition's least is more than its most");
    // Python keeps the last match of a group over repetitions, JavaScript forgets it at each.
    if (most > 1 && atom.skips)
      throw new PatternError("a group inside a repetition may be left out at a later turn");
    const skips = atom.skips || (atom.captures && least === 0);
    this.skips ||= skips;
    const range = `{${least},${most === Number.POSITIVE_INFINITY ? "" : most}}`;
    return { source: atom.source + range + lazy, captures: atom.captures, skips };
  }

  private quantifier(): { least: number; most: number } | null {
    if (this.take("*")) return { least: 0, most: Number.POSITIVE_INFINITY };
    if (this.take("+")) return { least: 1, most: Number.POSITIVE_INFINITY };
    if (this.take("?")) return { least: 0, most: 1 };
    const rest = this.chars.slice(this.at, this.at + 24).join("");
    const found = /^\{(\d*)(,?)(\d*)\}/.exec(rest);
    if (!found || (found[1] === "" && found[2] === "")) return null;
    this.at += found[0].length;
    const least = Number(found[1] || 0);
    const most = found[2] === "" ? least : found[3] === "" ? Number.POSITIVE_INFINITY : Number(found[3]);
    return { least, most };
  }

  private atom(): Part & { readonly fixed?: boolean } {
    const c = this.next();
    const plain = (source: string) => ({ source, captures: false, skips: false });
    const fixed = (source: string) => ({ ...plain(`(?:${source})`), fixed: true });
    switch (c) {
      case "(":
        return this.group();
      case "[":
        return plain(this.characterClass());
      case ".":
        return plain(this.flags.s ? "[\\s\\S]" : "[^\\n]");
      case "^":
        return fixed(this.flags.m ? "(?<![^\\n])" : START);
      case "$":
        return fixed(this.flags.m ? "(?![^\\n])" : `(?=\\n?${END})`);
      case "*":
      case "+":
      case "?":
        throw new PatternError("a repetition has nothing to repeat");
      case "\\":
        return this.escape();
      default:
        return plain(literal(c));
    }
  }

  private group(): Part & { readonly fixed?: boolean } {
    let open = "(";
    let captures = true;
    let fixed = false;
    if (this.take("?")) {
      if (this.take("#")) {
        while (this.next() !== ")");
        return { source: "", captures: false, skips: false, fixed: true };
      }
      if (this.take("P=")) {
        this.referred = true;
        return { source: `\\k<${this.name(")")}>`, captures: false, skips: false };
      }
      if (this.take("P<")) open = `(?<${this.name(">")}>`;
      else {
        const kind = [":", "=", "!", "<=", "<!"].find((k) => this.take(k));
        if (!kind)
          throw new PatternError(
            `groups that begin with "(?${this.chars[this.at] ?? ""}" are not known here`,
          );
        open = `(?${kind}`;
        captures = false;
        fixed = kind !== ":";
      }
    }
    const inside = this.alternatives();
    if (!this.take(")")) throw new PatternError('a "(" is not closed');
    const source = `${open}${inside.source})`;
    return { source, captures: captures || inside.captures, skips: inside.skips, ...(fixed && { fixed }) };
  }

  private name(end: string): string {
    let name = "";
    for (let c = this.next(); c !== end; c = this.next()) name += c;
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new PatternError("a group's name is no plain word");
    return name;
  }

  private sets() {
    return this.flags.a ? ASCII : UNICODE;
  }

  private escape(): Part & { readonly fixed?: boolean } {
    const c = this.next();
    const plain = (source: string) => ({ source, captures: false, skips: false });
    const sets = this.sets();
    const word = `[${sets.w}]`;
    if (c === "A") return { ...plain(`(?:${START})`), fixed: true };
    if (c === "Z") return { ...plain(`(?:${END})`), fixed: true };
    if (c === "b") return { ...plain(`(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`), fixed: true };
    if (c === "B") return { ...plain(`(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`), fixed: true };
    if (/[dws]/.test(c)) return plain(`[${sets[c as "d"]}]`);
    if (/[DWS]/.test(c)) return plain(`[^${sets[c.toLowerCase() as "d"]}]`);
    if (/[1-9]/.test(c)) {
      const more = /^\d/.test(this.chars[this.at] ?? "") ? this.next() : "";
      this.referred = true;
      return plain(`(?:\\${c}${more})`);
    }
    return plain(literal(this.character(c)));
  }

  /** The character that an escape outside or inside a class stands for; `c` is what follows the backslash. */
  private character(c: string): string {
    if (c in CONTROL && c !== "b") return String.fromCharCode(CONTROL[c]!);
    const digits = { x: 2, u: 4, U: 8 }[c];
    if (digits) {
      const hex = this.chars.slice(this.at, this.at + digits).join("");
      if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(hex) || Number.parseInt(hex, 16) > 0x10ffff)
        throw new PatternError(`\\${c} is not followed by ${digits} hexadecimal digits of a character`);
      this.at += digits;
      return String.fromCodePoint(Number.parseInt(hex, 16));
    }
    if (c === "0") {
      let octal = "";
      while (octal.length < 2 && /[0-7]/.test(this.chars[this.at] ?? "")) octal += this.next();
      return String.fromCharCode(Number.parseInt(octal || "0", 8));
    }
    if (/[A-Za-z0-9]/.test(c)) throw new PatternError(`the escape \\${c} is not known here`);
    return c;
  }

  private characterClass(): string {
    const negated = this.take("^") ? "^" : "";
    const members: string[] = [];
    let first = true;
    while (first || !this.peek("]")) {
      first = false;
      const from = this.member();
      if (this.peek("-") && this.chars[this.at + 1] !== "]" && this.chars[this.at + 1] !== undefined) {
        this.next();
        const to = this.member();
        if (from.length !== 1 || to.length !== 1) throw new PatternError("a range has a class at an end");
        if (from[0]!.codePointAt(0)! > to[0]!.codePointAt(0)!) throw new PatternError("a range is reversed");
        members.push(`${literal(from[0]!)}-${literal(to[0]!)}`);
      } else members.push(from.length === 1 ? literal(from[0]!) : from[1]!);
    }
    this.next();
    return `[${negated}${members.join("")}]`;
  }

  /** A character, or ["", members] of a class inside the class. */
  private member(): readonly [string] | readonly ["", string] {
    const c = this.next();
    if (c !== "\\") return [c];
    const e = this.next();
    const sets = this.sets();
    if (/[dws]/.test(e)) return ["", sets[e as "d"]];
    if (/[DWS]/.test(e)) return ["", `[^${sets[e.toLowerCase() as "d"]}]`];
    if (e === "b") return ["\b"];
    if (/[1-7]/.test(e)) throw new PatternError("octal characters inside a class are not known here");
    return [this.character(e)];
  }
}

/** A character as itself, whatever stands around it. */
const literal = (c: string): string =>
  /[\p{L}\p{N}]/u.test(c) ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`;
