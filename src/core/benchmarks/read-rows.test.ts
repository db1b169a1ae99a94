import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sentence } from "../result";
import { readRows } from "./read-rows";
import { field } from "./row";

const bytes = (text: string) => new TextEncoder().encode(text);
const rowsOf = async (text: string | Uint8Array) => {
  const read = await readRows(typeof text === "string" ? bytes(text) : text, "data.jsonl");
  if (!read.ok) throw new Error(sentence(read.problem));
  return read.value;
};
const refusal = async (text: string | Uint8Array) => {
  const read = await readRows(typeof text === "string" ? bytes(text) : text, "data.jsonl");
  return read.ok ? "" : sentence(read.problem);
};
const parquet = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../../reference/values/benchmarks/${name}`, import.meta.url)));

describe("rows of a data file", () => {
  it("reads JSON Lines, with blank lines, other line ends and a byte order mark", async () => {
    expect(await rowsOf('\uFEFF{"a":1}\r\n\n{"a":"\u200b2"}\n')).toEqual([{ a: 1 }, { a: "\u200b2" }]);
  });
  it("reads a list, an object with data or rows, and the Hub's rows", async () => {
    expect(await rowsOf('[{"a":1},{"a":2}]')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(await rowsOf('{"version":1,\n"data":[{"a":1}]}')).toEqual([{ a: 1 }]);
    expect(await rowsOf('{"features":[],"rows":[{"row_idx":0,"row":{"a":1}}]}')).toEqual([{ a: 1 }]);
    expect(await rowsOf('{"a":1}')).toEqual([{ a: 1 }]);
  });
  it("reads labels, one a line", async () => {
    expect(await rowsOf("1\n0\n-1\n")).toEqual([{ label: 1 }, { label: 0 }, { label: -1 }]);
  });
  it("reads gzip", async () => {
    const packed = new Blob([bytes('{"a":1}\n{"a":2}\n')])
      .stream()
      .pipeThrough(new CompressionStream("gzip"));
    expect(await rowsOf(new Uint8Array(await new Response(packed).arrayBuffer()))).toHaveLength(2);
    expect(await refusal(new Uint8Array([0x1f, 0x8b, 8, 0, 1]))).toContain("damaged gzip");
  });
  it("reads Parquet as pyarrow writes it, and refuses other codecs by name", async () => {
    const rows = await rowsOf(parquet("arc.snappy.parquet"));
    const lines = readFileSync(
      new URL("../../../reference/benchmarks/arc_easy.jsonl", import.meta.url),
      "utf8",
    );
    expect(rows).toEqual(await rowsOf(lines));
    expect(await refusal(parquet("arc.zstd.parquet"))).toMatch(
      /"choices.*" is compressed with ZSTD|compressed with ZSTD/,
    );
    expect(await refusal(parquet("arc.snappy.parquet").subarray(0, 900))).toContain(
      "cannot be read as Parquet",
    );
  });
  it("keeps the key __proto__ a key", async () => {
    const [row] = await rowsOf('{"__proto__":{"gold":1},"constructor":2}\n{"a":1}');
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(field(row!, "gold")).toBeUndefined();
    expect(field(row!, "toString")).toBeUndefined();
    expect(field(row!, "__proto__")).toEqual({ gold: 1 });
  });
  it("names file and line of a damaged row", async () => {
    expect(await refusal('{"a":1}\n\n{"a":}\n')).toMatch(/^data\.jsonl: .*\(line 3, column 6/);
    expect(await refusal('{"a":1}\n[2]\n')).toContain("line 2 is no JSON object");
    expect(await refusal('{"a":1}\n{"a":1,"a":2}\n')).toContain("line 2");
    expect(await refusal("  \n")).toContain("has no rows");
    const broken = new Uint8Array([...bytes('{"a":1}\n{"a":"'), 0xff, ...bytes('"}\n')]);
    expect(await refusal(broken)).toContain("not UTF-8 text (line 2)");
  });
  it("answers every damaged file with a sentence", async () => {
    const whole = parquet("arc.snappy.parquet");
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const damaged = whole.slice();
        damaged[at] = value;
        const read = await readRows(damaged, "data.parquet");
        if (!read.ok) expect(sentence(read.problem)).toContain("data.parquet");
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});
