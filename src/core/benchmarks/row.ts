/** One row of a data file: own properties only, whatever their names. */
export type Row = Readonly<Record<string, unknown>>;

/** A data file, read. */
export interface DataFile {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** A field of a row; undefined where it is absent. Inherited properties are no fields. */
export const field = (row: Row, name: string): unknown => (Object.hasOwn(row, name) ? row[name] : undefined);

/** A field that holds text, else undefined. */
export function textField(row: Row, name: string): string | undefined {
  const value = field(row, name);
  return typeof value === "string" ? value : undefined;
}

/** A field that holds a list of texts, else undefined. */
export function textListField(row: Row, name: string): readonly string[] | undefined {
  return asTexts(field(row, name));
}

export const asTexts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((v) => typeof v === "string") ? (value as string[]) : undefined;

/** A field that holds an object, else undefined. */
export function objectField(row: Row, name: string): Row | undefined {
  const value = field(row, name);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
}

/** A whole number written as a number or as text; undefined for anything else, the empty text among it. */
export function wholeField(row: Row, name: string): number | undefined {
  const value = field(row, name);
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== "string" || !/^-?\d{1,9}$/.test(value.trim())) return undefined;
  return Number(value.trim());
}

export const hasFields = (row: Row, ...names: readonly string[]): boolean =>
  names.every((name) => Object.hasOwn(row, name));
