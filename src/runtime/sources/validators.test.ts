import fc from "fast-check";
import { expect, it } from "vitest";
import { differ, ifRange, parseContentRange, plainLength, unsatisfiedSize, versionText } from "./validators";

const dated = "Mon, 01 Jan 2024 00:00:00 GMT";
const of = (etag: string | null, modified: string | null = null) => ({ etag, modified });

it("tells versions apart by what both answers state", () => {
  expect(differ(of('"a"'), of('"b"'))).toBe(true);
  expect(differ(of('W/"a"'), of('"a"'))).toBe(false);
  expect(differ(of('"a"', dated), of('"a"', "later"))).toBe(false);
  expect(differ(of(null, dated), of('"a"', "later"))).toBe(true);
  expect(differ(of('"a"'), of(null))).toBe(false);
});

it("asks If-Range with a strong ETag, or with a date where there is no ETag", () => {
  expect(ifRange(of('"a"', dated))).toBe('"a"');
  expect(ifRange(of('W/"a"', dated))).toBeNull();
  expect(ifRange(of(null, dated))).toBe(dated);
});

it("names a version by a strong ETag, or by a date that has settled", () => {
  const date = Date.parse(dated);
  expect(versionText(of('"a"'), date)).toBe('"a"');
  expect(versionText(of(null, dated), date + 59_000)).toBeNull();
  expect(versionText(of(null, dated), date + 61_000)).toBe(` ${dated}`);
  expect(versionText(of('W/"a"', dated), date + 61_000)).toBe(`W/"a" ${dated}`);
  expect([versionText(of('W/"a"')), versionText(of(null)), versionText(of(null, "nonsense"))]).toEqual([
    null,
    null,
    null,
  ]);
});

it("reads Content-Range, and takes nothing else for one", () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 31),
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.nat(2 ** 31),
      (start, length, rest) => {
        const end = start + length;
        const range = { start, end, size: end + rest };
        expect(parseContentRange(`bytes ${start}-${end - 1}/${end + rest}`)).toEqual(range);
        expect(parseContentRange(`bytes ${start}-${end - 1}/*`)).toEqual({ ...range, size: null });
      },
    ),
    { seed: 5 },
  );
  for (const text of [
    null,
    "",
    "bytes",
    "bytes 0-9",
    "bytes 9-0/10",
    "bytes 0-10/10",
    "bytes -1-2/3",
    "bytes 0-1.5/3",
    "items 0-1/2",
    `bytes 0-1/${"9".repeat(20)}`,
  ])
    expect(parseContentRange(text), String(text)).toBeNull();
  expect([unsatisfiedSize("bytes */7"), unsatisfiedSize("bytes 0-1/7"), unsatisfiedSize(null)]).toEqual([
    7,
    null,
    null,
  ]);
});

it("takes Content-Length for the content's only where that is not compressed", () => {
  expect(plainLength(new Headers({ "content-length": "7" }))).toBe(7);
  expect(plainLength(new Headers({ "content-length": "7", "content-encoding": "identity" }))).toBe(7);
  expect(plainLength(new Headers({ "content-length": "7", "content-encoding": "gzip" }))).toBeNull();
  expect(plainLength(new Headers({ "content-length": "1e3" }))).toBeNull();
  expect(plainLength(new Headers())).toBeNull();
});
