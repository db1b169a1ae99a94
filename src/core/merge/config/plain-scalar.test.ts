import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { coerceScalar } from "./coerce-scalar";
import { plainScalar } from "./plain-scalar";

type Converted = number | boolean | string;
interface Row {
  readonly text: string;
  readonly value?: null | boolean | string;
  readonly number?: number | string;
  readonly minus?: boolean;
  readonly other?: string;
  readonly float?: Converted;
  readonly int?: Converted;
  readonly bool?: Converted;
}
/** How PyYAML reads each scalar, and what pydantic makes of it (reference/mergekit_yaml.py). */
const rows = JSON.parse(readFileSync("reference/values/mergekit-yaml/scalars.json", "utf8")) as Row[];

describe("plainScalar", () => {
  it.each(rows)("reads $text as PyYAML does", (row) => {
    const value = plainScalar(row.text);
    if (row.other !== undefined) expect(value).toHaveProperty("unsupported");
    else if (row.number === undefined) expect(value).toBe(row.value);
    else {
      expect(typeof value).toBe("number");
      expect(Number.isFinite(value) ? value : String(value).toLowerCase().replace("inity", "")).toBe(
        row.minus && row.number === 0 ? -0 : row.number,
      );
    }
  });

  it("knows signs that stand for no value", () => {
    for (const text of ["=", "<<", "2024-02-30", "2024-1-2 3:04:05.6 +01:00", "0b_"])
      expect(plainScalar(text)).toHaveProperty("unsupported");
  });
});

describe("coerceScalar", () => {
  it.each(rows)("turns $text into a number, a whole number or a switch as mergekit does", (row) => {
    const value = plainScalar(row.text);
    if (value === null || typeof value === "object") return expect(row.float).toBeUndefined();
    for (const [kind, theirs] of [
      ["number", row.float],
      ["integer", row.int],
      ["switch", row.bool],
    ] as const) {
      const ours = coerceScalar(value, kind);
      // "refused", or not finite, which no setting can be.
      if (typeof theirs === "string") expect(ours).toBeNull();
      else if (kind === "integer" && !Number.isSafeInteger(theirs)) expect(ours).toBeNull();
      else if (kind === "number") expect(ours).toBe(theirs);
      else expect(ours).toBe(Number(theirs));
    }
  });

  it("trims blanks around a number, and takes no other decoration", () => {
    expect(coerceScalar(" 0.25\n", "number")).toBe(0.25);
    expect(coerceScalar("\u00a01", "integer")).toBe(1);
    for (const text of ["", " ", "0x10", "1 0", "1f", "inf", "nan", "1e400", "٣", "true"])
      expect(coerceScalar(text, "number")).toBeNull();
    expect(coerceScalar(" on", "switch")).toBeNull();
  });
});
