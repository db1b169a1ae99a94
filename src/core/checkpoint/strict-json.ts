import { fail, ok, type Result } from "../result";
import { quote, shorten } from "./quote";

export { quote, shorten };

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
/** Objects are Maps, so that a key such as `__proto__` is a key like any other. */
export interface JsonObject extends ReadonlyMap<string, Json> {}

export const isObject = (value: Json | undefined): value is JsonObject => value instanceof Map;

const MAX_DEPTH = 64;
/** Beyond the largest tokenizers; they bound memory where a few bytes of text make a value: an object takes about 200 bytes, a list 60. */
const MAX_VALUES = 4_000_000;
const MAX_LISTS = 1_500_000;
const MAX_OBJECTS = 250_000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

export interface JsonOptions {
  /** Every number must be whole, from 0 to 2^53 − 1, written without point or exponent. */
  readonly whole?: boolean;
  /**
   * Takes the members of the top level one by one, in place of the object, which then has null for each. A text that it
   * returns refuses the file for that member.
   */
  readonly member?: (key: string, value: Json) => string | null;
  /** Refuses the key `__proto__`, which the schemas of the workbench's own formats pass over. */
  readonly ownFormat?: boolean;
  /** Takes NaN, Infinity and -Infinity, which Python's json writes. */
  readonly pythonNumbers?: boolean;
  /** Values that the file may have in all; 4 million when absent. */
  readonly maxValues?: number;
  readonly remedy?: string;
}

class Refusal extends Error {
  constructor(
    message: string,
    readonly key: string | undefined,
  ) {
    super(message);
  }
}

/**
 * JSON of RFC 8259 that refuses what `JSON.parse` lets pass: a key that occurs twice, nesting beyond 64 levels, unpaired
 * surrogates and numbers beyond float64. A refusal names line, column and the key of the top level; where `member` takes
 * those, the key stands as the problem's tensor.
 */
export function parseStrictJson(text: string, file: string, options: JsonOptions = {}): Result<Json> {
  try {
    return ok(new Parser(text, options).document());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { key } = error;
    const where = key === undefined || !options.member ? {} : { tensor: shorten(key) };
    return fail("bad-file", error.message, {
      file,
      ...where,
      remedy: options.remedy ?? "Correct it there, or download or export the file again.",
    });
  }
}

/** Plain objects and arrays; own properties only, whatever their names. */
export function toPlain(value: Json): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (isObject(value)) return Object.fromEntries(Array.from(value, ([k, v]) => [k, toPlain(v)]));
  return value;
}

const [TAB, LINE_FEED, RETURN, SPACE, QUOTE, BACKSLASH] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x5c];
const [COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x2c, 0x3a, 0x5b, 0x5d, 0x7b, 0x7d];
/** Digits that float64 holds exactly, whatever they are. */
const EXACT_DIGITS = 15;

class Parser {
  private position = 0;
  private depth = 0;
  private values = 0;
  private lists = 0;
  private objects = 0;
  private topKey: string | undefined;
  private readonly maxValues: number;

  constructor(
    private readonly text: string,
    private readonly options: JsonOptions,
  ) {
    this.maxValues = options.maxValues ?? MAX_VALUES;
  }

  document(): Json {
    if (this.text.charCodeAt(0) === 0xfeff) this.position++;
    const value = this.value();
    this.space();
    if (this.position < this.text.length) this.refuse("text follows the JSON value");
    return value;
  }

  private value(): Json {
    this.space();
    if (++this.values > this.maxValues) this.refuse(`its JSON has more than ${this.maxValues} values`);
    const c = this.text.charCodeAt(this.position);
    switch (c) {
      case OPEN:
        return this.object();
      case OPEN_LIST:
        return this.list();
      case QUOTE:
        return this.string();
      case 0x74:
        return this.word("true", true);
      case 0x66:
        return this.word("false", false);
      case 0x6e:
        return this.word("null", null);
      case 0x4e:
        return this.options.pythonNumbers ? this.word("NaN", Number.NaN) : this.unexpected();
      case 0x49:
        return this.options.pythonNumbers
          ? this.word("Infinity", Number.POSITIVE_INFINITY)
          : this.unexpected();
      default:
        if (this.options.pythonNumbers && this.text.startsWith("-Infinity", this.position))
          return this.word("-Infinity", Number.NEGATIVE_INFINITY);
        return this.number(c);
    }
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) this.refuse(`its JSON is nested deeper than ${MAX_DEPTH} levels`);
    this.position++;
  }

  private object(): JsonObject {
    if (++this.objects > MAX_OBJECTS) this.refuse(`its JSON has more than ${MAX_OBJECTS} objects`);
    this.enter();
    const members = new Map<string, Json>();
    const top = this.depth === 1;
    if (!this.take(CLOSE)) {
      do {
        this.space();
        if (this.text.charCodeAt(this.position) !== QUOTE) this.unexpected();
        const from = this.position;
        const key = this.string();
        if (top) this.topKey = key;
        if (key === "__proto__" && this.options.ownFormat)
          this.refuse('the key "__proto__" has no place in its JSON', from);
        if (members.has(key)) this.refuse(`the key ${quote(key)} occurs twice in its JSON`, from);
        if (!this.take(COLON)) this.unexpected();
        const value = this.value();
        members.set(key, top && this.options.member ? this.give(key, value) : value);
      } while (this.take(COMMA));
      if (!this.take(CLOSE)) this.unexpected();
    }
    if (top) this.topKey = undefined;
    this.depth--;
    return members;
  }

  private give(key: string, value: Json): null {
    const wrong = this.options.member?.(key, value);
    if (typeof wrong === "string") throw new Refusal(wrong, key);
    return null;
  }

  private list(): Json[] {
    if (++this.lists > MAX_LISTS) this.refuse(`its JSON has more than ${MAX_LISTS} lists`);
    this.enter();
    const items: Json[] = [];
    if (!this.take(CLOSE_LIST)) {
      do items.push(this.value());
      while (this.take(COMMA));
      if (!this.take(CLOSE_LIST)) this.unexpected();
    }
    this.depth--;
    return items;
  }

  private string(): string {
    const { text } = this;
    const from = ++this.position;
    let at = from;
    let escaped = false;
    let paired = true;
    for (; ; at++) {
      const c = text.charCodeAt(at);
      if (c === QUOTE) break;
      if (c === BACKSLASH) {
        escaped = true;
        at++;
      } else if (c >= 0xd800 && c <= 0xdfff) paired = false;
      else if (!(c >= SPACE)) {
        if (at >= text.length) this.refuse("its JSON ends inside a string", from - 1);
        this.position = at;
        this.unexpected();
      }
    }
    const raw = text.slice(from, at);
    this.position = at + 1;
    if (!escaped && paired) return raw;
    return this.unescape(raw, from - 1);
  }

  private unescape(raw: string, from: number): string {
    let value: string;
    try {
      value = JSON.parse(`"${raw}"`) as string;
    } catch {
      return this.refuse("a string has an invalid escape", from);
    }
    if (/\p{Surrogate}/u.test(value)) this.refuse("a string has half a surrogate pair", from);
    return value;
  }

  private number(first: number): number {
    const { text, position: from } = this;
    let at = from;
    let value = 0;
    for (let c = first; c >= 0x30 && c <= 0x39 && at - from < EXACT_DIGITS; c = text.charCodeAt(++at))
      value = value * 10 + c - 0x30;
    if (at === from || (first === 0x30 && at > from + 1) || continues(text.charCodeAt(at)))
      return this.longNumber();
    this.position = at;
    return value;
  }

  private longNumber(): number {
    const from = this.position;
    NUMBER.lastIndex = from;
    const literal = NUMBER.exec(this.text)?.[0];
    if (literal === undefined) return this.unexpected();
    this.position += literal.length;
    const value = Number(literal);
    if (this.options.whole && !(/^\d{1,16}$/.test(literal) && Number.isSafeInteger(value)))
      this.refuse(`the number ${shorten(literal)} is not a whole number from 0 to 2^53 − 1`, from);
    if (!Number.isFinite(value)) this.refuse(`the number ${shorten(literal)} is too large`, from);
    return value;
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.position)) this.unexpected();
    this.position += word.length;
    return value;
  }

  private space(): void {
    let c = this.text.charCodeAt(this.position);
    while (c === SPACE || c === LINE_FEED || c === RETURN || c === TAB)
      c = this.text.charCodeAt(++this.position);
  }

  private take(sign: number): boolean {
    this.space();
    if (this.text.charCodeAt(this.position) !== sign) return false;
    this.position++;
    return true;
  }

  private unexpected(): never {
    if (this.position >= this.text.length) return this.refuse("its JSON ends too early");
    const found = String.fromCodePoint(this.text.codePointAt(this.position)!);
    return this.refuse(`its JSON has ${quote(found)} where that cannot stand`);
  }

  private refuse(message: string, at = this.position): never {
    const inside =
      this.topKey === undefined || this.options.member || message.includes(quote(this.topKey))
        ? ""
        : `, in ${quote(this.topKey)}`;
    throw new Refusal(`${message} (${this.place(at)}${inside}).`, this.topKey);
  }

  private place(at: number): string {
    const before = this.text.lastIndexOf("\n", at - 1);
    let line = 1;
    for (let i = before; i >= 0; i = i === 0 ? -1 : this.text.lastIndexOf("\n", i - 1)) line++;
    return `line ${line}, column ${at - before}`;
  }
}

/** Whether a number goes on behind its first digits. */
const continues = (c: number): boolean => (c >= 0x30 && c <= 0x39) || c === 0x2e || c === 0x65 || c === 0x45;
