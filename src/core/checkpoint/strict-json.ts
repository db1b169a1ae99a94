import { fail, ok, type Result } from "../result";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** Objects are Maps, so that a key such as `__proto__` is a key like any other. */
export interface JsonObject extends ReadonlyMap<string, Json> {}

export const isObject = (value: Json | undefined): value is JsonObject => value instanceof Map;

const MAX_DEPTH = 64;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

class Refusal extends Error {
  constructor(
    message: string,
    readonly key: string | undefined,
  ) {
    super(message);
  }
}

/** Text shortened and quoted for a message. */
export const quote = (text: string): string => JSON.stringify(shorten(text));
export const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

/**
 * JSON of RFC 8259 that refuses what `JSON.parse` lets pass: a key that occurs twice, nesting beyond 64 levels, and
 * unpaired surrogates. With `whole`, every number must be an integer from 0 to 2^53 − 1, written without point or exponent.
 */
export function parseStrictJson(text: string, file: string, whole = false): Result<Json> {
  try {
    return ok(new Parser(text, whole).document());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const where = error.key === undefined ? { file } : { file, tensor: shorten(error.key) };
    return fail("bad-file", error.message, { ...where, remedy: "Download or export the file again." });
  }
}

/** Plain objects and arrays; own properties only, whatever their names. */
export function toPlain(value: Json): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (isObject(value)) return Object.fromEntries(Array.from(value, ([k, v]) => [k, toPlain(v)]));
  return value;
}

class Parser {
  private position = 0;
  private depth = 0;
  private topKey: string | undefined;

  constructor(
    private readonly text: string,
    private readonly whole: boolean,
  ) {}

  document(): Json {
    const value = this.value();
    this.space();
    if (this.position < this.text.length)
      this.refuse(`text follows the JSON value at character ${this.position}.`);
    return value;
  }

  private value(): Json {
    this.space();
    const c = this.text[this.position];
    if (c === "{") return this.nested(() => this.object());
    if (c === "[") return this.nested(() => this.array());
    if (c === '"') return this.string();
    if (c === "t") return this.word("true", true);
    if (c === "f") return this.word("false", false);
    if (c === "n") return this.word("null", null);
    return this.number();
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) this.refuse(`its JSON is nested deeper than ${MAX_DEPTH} levels.`);
    this.position++;
    const value = read();
    this.depth--;
    return value;
  }

  private object(): JsonObject {
    const members = new Map<string, Json>();
    if (this.take("}")) return members;
    do {
      this.space();
      if (this.text[this.position] !== '"') this.unexpected();
      const key = this.string();
      if (this.depth === 1) this.topKey = key;
      if (members.has(key)) this.refuse(`the key ${quote(key)} occurs twice in its JSON.`);
      if (!this.take(":")) this.unexpected();
      members.set(key, this.value());
    } while (this.take(","));
    if (!this.take("}")) this.unexpected();
    if (this.depth === 1) this.topKey = undefined;
    return members;
  }

  private array(): Json[] {
    const items: Json[] = [];
    if (this.take("]")) return items;
    do items.push(this.value());
    while (this.take(","));
    if (!this.take("]")) this.unexpected();
    return items;
  }

  private string(): string {
    const { text } = this;
    const from = ++this.position;
    let escaped = false;
    for (; ; this.position++) {
      const c = text.charCodeAt(this.position);
      if (Number.isNaN(c)) this.refuse("its JSON ends inside a string.");
      if (c < 0x20) this.unexpected();
      if (c === 0x22) break;
      if (c === 0x5c) {
        escaped = true;
        this.position++;
      }
    }
    const raw = text.slice(from, this.position++);
    return escaped ? this.unescape(raw, from) : raw;
  }

  private unescape(raw: string, from: number): string {
    let value: string;
    try {
      value = JSON.parse(`"${raw}"`) as string;
    } catch {
      return this.refuse(`a string has an invalid escape after character ${from}.`);
    }
    if (/\p{Surrogate}/u.test(value))
      this.refuse(`a string has half a surrogate pair after character ${from}.`);
    return value;
  }

  private number(): number {
    NUMBER.lastIndex = this.position;
    const literal = NUMBER.exec(this.text)?.[0];
    if (literal === undefined) return this.unexpected();
    this.position += literal.length;
    const value = Number(literal);
    if (this.whole && !(/^\d{1,16}$/.test(literal) && Number.isSafeInteger(value)))
      this.refuse(`the number ${shorten(literal)} is not a whole number from 0 to 2^53 − 1.`);
    if (!Number.isFinite(value)) this.refuse(`the number ${shorten(literal)} is too large.`);
    return value;
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.position)) this.unexpected();
    this.position += word.length;
    return value;
  }

  private space(): void {
    SPACE.lastIndex = this.position;
    SPACE.test(this.text);
    this.position = SPACE.lastIndex;
  }

  private take(c: string): boolean {
    this.space();
    if (this.text[this.position] !== c) return false;
    this.position++;
    return true;
  }

  private unexpected(): never {
    if (this.position >= this.text.length) return this.refuse("its JSON ends too early.");
    const found = String.fromCodePoint(this.text.codePointAt(this.position)!);
    return this.refuse(
      `its JSON has ${quote(found)} at character ${this.position}, where that cannot stand.`,
    );
  }

  private refuse(message: string): never {
    throw new Refusal(message, this.topKey);
  }
}
