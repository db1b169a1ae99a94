import { HARMLESS_FIELDS } from "../checkpoint/harmless-fields";
import { quote, shorten } from "../checkpoint/quote";
import { fail, type Problem } from "../result";

export type Fields = Readonly<Record<string, unknown>>;

/** Thrown while a config is read, and caught by `decoderOf`. */
export class ConfigRefusal extends Error {
  constructor(
    message: string,
    /** Whether the value is wrong in itself, or only not computed here. */
    readonly kind: "wrong" | "not computed" = "not computed",
  ) {
    super(message);
  }

  problem(file: string): Problem {
    const remedy =
      this.kind === "wrong" ? "Correct config.json." : "It can be merged and written, but not scored here.";
    const refused = fail("bad-file", this.message, { file, remedy });
    return (refused as { problem: Problem }).problem;
  }
}

export const wrong = (message: string): never => {
  throw new ConfigRefusal(message, "wrong");
};

export const notComputed = (message: string): never => {
  throw new ConfigRefusal(message);
};

const given = (value: unknown) => value !== undefined && value !== null;

/**
 * Reads the fields of a config.json and keeps account of them: what was not read when `finish` is called and may change the
 * computation is refused by its name.
 */
export class ConfigFields {
  private readonly seen = new Set<string>();

  constructor(
    private readonly fields: Fields,
    /** Before the names in messages: "" or "rope_parameters.". */
    private readonly place = "",
  ) {}

  raw(name: string): unknown {
    this.seen.add(name);
    return Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
  }

  has(name: string): boolean {
    return given(this.raw(name));
  }

  /** Fields that this family does not use, whatever they hold. */
  ignore(...names: string[]): void {
    for (const name of names) this.seen.add(name);
  }

  size(name: string, otherwise?: number, most = 2 ** 24, least = 1): number {
    const value = this.raw(name) ?? otherwise;
    if (value === undefined) return wrong(`${this.place}${name} is missing.`);
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    return wrong(`${this.place}${name} is ${show(value)}, no whole number from ${least} to ${most}.`);
  }

  positive(name: string, otherwise?: number): number {
    const value = this.raw(name) ?? otherwise;
    if (value === undefined) return wrong(`${this.place}${name} is missing.`);
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
    return wrong(`${this.place}${name} is ${show(value)}, no positive number.`);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.raw(name) ?? otherwise;
    if (typeof value === "boolean") return value;
    return wrong(`${this.place}${name} is ${show(value)}, neither true nor false.`);
  }

  /** One of the values that the family computes. */
  oneOf<T extends string>(name: string, choices: readonly T[], otherwise: T): T {
    const value = this.raw(name) ?? otherwise;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    const only = choices.map((choice) => `"${choice}"`).join(" and ");
    return notComputed(
      `${this.place}${name} is ${show(value)}; only ${only} ${choices.length > 1 ? "are" : "is"} computed.`,
    );
  }

  /** Refuses a field that is set to anything but `value`, which is also what its absence means. */
  only(name: string, value: unknown): void {
    const found = this.raw(name);
    if (given(found) && found !== value)
      notComputed(`${this.place}${name} is ${show(found)}; only ${show(value)} is computed.`);
  }

  /** A list of numbers. */
  numbers(name: string, length: number): number[] {
    const value = this.raw(name);
    if (!Array.isArray(value) || !value.every((v) => typeof v === "number" && Number.isFinite(v)))
      return wrong(`${this.place}${name} is ${show(value)}, no list of numbers.`);
    if (value.length !== length)
      return wrong(`${this.place}${name} has ${value.length} numbers, where ${length} are needed.`);
    return value as number[];
  }

  /** An object within, read as fields of its own; null where it is absent. */
  part(name: string): ConfigFields | null {
    const value = this.raw(name);
    if (!given(value)) return null;
    if (typeof value !== "object" || Array.isArray(value))
      return wrong(`${this.place}${name} is ${show(value)}, no object.`);
    return new ConfigFields(value as Fields, `${this.place}${name}.`);
  }

  /** Refuses what was not read, unless it says nothing (null, false, empty) or is known to change no logit. */
  finish(): void {
    for (const [name, value] of Object.entries(this.fields)) {
      if (this.seen.has(name) || HARMLESS_FIELDS.has(name) || !given(value) || value === false) continue;
      if (typeof value === "object" && Object.keys(value as object).length === 0) continue;
      if (name === "layer_types" && Array.isArray(value) && value.every((t) => t === "full_attention"))
        continue;
      notComputed(
        `${quote(this.place + name)} is set to ${show(value)}, a field that the decoder of this family does not know.`,
      );
    }
  }
}

export function show(value: unknown): string {
  if (value === undefined) return "missing";
  return shorten(JSON.stringify(value) ?? String(value));
}
