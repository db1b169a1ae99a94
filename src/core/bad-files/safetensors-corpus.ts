import { safetensorsOf } from "./mutate-safetensors";

const utf8 = (text: string) => new TextEncoder().encode(text);
const header = (value: unknown) => utf8(typeof value === "string" ? value : JSON.stringify(value));
const tensor = (dtype: string, shape: readonly unknown[], data_offsets: readonly unknown[]) => ({
  dtype,
  shape,
  data_offsets,
});
/** The header of a file with one tensor. */
export const one = (dtype: string, shape: readonly unknown[], offsets: readonly unknown[], name = "w") =>
  header({ [name]: tensor(dtype, shape, offsets) });
/** JSON.stringify cannot write these numbers. */
const raw = (shape: string, offsets: string) =>
  utf8(`{"w":{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}}`);
export const zeros = (size: number) => new Uint8Array(size);
const TERABYTE = 10 ** 12;

/** Files that are refused, and a part of what is said of them. */
export const REFUSED: readonly (readonly [name: string, bytes: Uint8Array, said: RegExp])[] = [
  ["no bytes", zeros(0), /has 0 bytes/],
  ["seven bytes", zeros(7), /has 7 bytes/],
  ["a length and nothing else", zeros(8), /begin with "\{"/],
  ["a header of no bytes before data", safetensorsOf(zeros(0), zeros(16)), /begin with "\{"/],
  [
    "a header of 2^63 bytes",
    safetensorsOf(header({}), zeros(0), 2n ** 63n),
    /header of 9223372036854775808 bytes/,
  ],
  [
    "a header of 2^64 − 1 bytes",
    safetensorsOf(header({}), zeros(0), 2n ** 64n - 1n),
    /18446744073709551615 bytes/,
  ],
  ["a header of a terabyte", safetensorsOf(header({}), zeros(0), BigInt(TERABYTE)), /1000000000000 bytes/],
  [
    "a header one byte longer than the file",
    safetensorsOf(header({}), zeros(0), 3n),
    /header of 3 bytes.*has 10/,
  ],
  ["a header one byte short", safetensorsOf(header({}), zeros(0), 1n), /too early/],
  ["a header in the data", safetensorsOf(utf8(" "), header({}), 3n), /begin with "\{"/],
  ["white space before the header", safetensorsOf(utf8(" {}")), /begin with "\{"/],
  ["a byte order mark", safetensorsOf(utf8("\ufeff{}")), /begin with "\{"/],
  [
    "overlapping tensors",
    safetensorsOf(header({ a: tensor("U8", [4], [0, 4]), b: tensor("U8", [4], [3, 7]) }), zeros(7)),
    /tensor b: .*overlaps.*"a"/,
  ],
  [
    "a tensor inside another",
    safetensorsOf(header({ a: tensor("U8", [8], [0, 8]), b: tensor("U8", [2], [2, 4]) }), zeros(8)),
    /overlaps/,
  ],
  [
    "two tensors of the same bytes",
    safetensorsOf(header({ a: tensor("U8", [4], [0, 4]), b: tensor("U8", [4], [0, 4]) }), zeros(4)),
    /overlaps/,
  ],
  ["a hole at the beginning", safetensorsOf(one("U8", [4], [1, 5]), zeros(5)), /tensor w: 1 bytes before/],
  [
    "a hole between tensors",
    safetensorsOf(header({ a: tensor("U8", [1], [0, 1]), b: tensor("U8", [1], [2, 3]) }), zeros(3)),
    /tensor b: 1 bytes before/,
  ],
  ["a hole at the end", safetensorsOf(one("U8", [4], [0, 4]), zeros(5)), /1 bytes at its end/],
  ["data beyond the file", safetensorsOf(one("U8", [4], [0, 4]), zeros(3)), /cut off/],
  [
    "a terabyte of data in a small file",
    safetensorsOf(one("U8", [TERABYTE], [0, TERABYTE])),
    /tensor w: .*cut off/,
  ],
  ["offsets that run backwards", safetensorsOf(one("U8", [4], [4, 0]), zeros(4)), /backwards, from 4 to 0/],
  ["negative offsets", safetensorsOf(one("U8", [4], [-4, 0]), zeros(4)), /-4 is not a whole number/],
  ["fractional offsets", safetensorsOf(one("U8", [4], [0.5, 4.5]), zeros(5)), /0.5 is not a whole number/],
  ["offsets with a point", safetensorsOf(raw("[1]", "[0.0,4]"), zeros(4)), /0.0 is not a whole number/],
  ["offsets with an exponent", safetensorsOf(raw("[1]", "[0,4e0]"), zeros(4)), /4e0 is not a whole number/],
  ["minus zero", safetensorsOf(raw("[1]", "[-0,4]"), zeros(4)), /-0 is not a whole number/],
  ["offsets of 2^53", safetensorsOf(raw("[1]", "[0,9007199254740992]"), zeros(4)), /9007199254740992 is not/],
  [
    "offsets of 2^53 − 1",
    safetensorsOf(raw("[1]", "[9007199254740987,9007199254740991]"), zeros(4)),
    /beyond any file/,
  ],
  [
    "offsets of 2^64",
    safetensorsOf(raw("[1]", "[0,18446744073709551616]"), zeros(4)),
    /is not a whole number/,
  ],
  [
    "offsets of 100000 digits",
    safetensorsOf(raw("[1]", `[0,${"9".repeat(100_000)}]`), zeros(4)),
    /999… is not a whole number/,
  ],
  ["one offset", safetensorsOf(raw("[1]", "[0]"), zeros(4)), /no pair of numbers/],
  ["three offsets", safetensorsOf(raw("[1]", "[0,4,8]"), zeros(4)), /no pair of numbers/],
  ["offsets as text", safetensorsOf(raw("[1]", '["0","4"]'), zeros(4)), /no pair of numbers/],
  ["no offsets", safetensorsOf(header({ w: { dtype: "U8", shape: [4] } }), zeros(4)), /no pair of numbers/],
  [
    "a shape whose product is 2^53",
    safetensorsOf(one("F32", [2 ** 27, 2 ** 26], [0, 4]), zeros(4)),
    /too large/,
  ],
  ["a shape whose product is 2^64", safetensorsOf(one("F32", [2 ** 32, 2 ** 32], [0, 0])), /too large/],
  [
    "a shape whose product is 2^64 + 1 by 32 bits",
    safetensorsOf(one("F32", [274177, 67280421310721], [0, 4]), zeros(4)),
    /too large/,
  ],
  [
    "a shape that overflows before its zero",
    safetensorsOf(one("F32", [2 ** 52, 2 ** 52, 0], [0, 0])),
    /too large/,
  ],
  ["a negative size", safetensorsOf(one("F32", [-1], [0, 4]), zeros(4)), /-1 is not a whole number/],
  ["two negative sizes", safetensorsOf(one("F32", [-2, -2], [0, 16]), zeros(16)), /-2 is not a whole number/],
  ["a fractional size", safetensorsOf(one("F32", [0.5, 2], [0, 4]), zeros(4)), /0.5 is not a whole number/],
  ["a size that is text", safetensorsOf(one("F32", ["1"], [0, 4]), zeros(4)), /no list of numbers/],
  ["a nested shape", safetensorsOf(one("F32", [[1]], [0, 4]), zeros(4)), /no list of numbers/],
  [
    "more bytes than the shape needs",
    safetensorsOf(one("F32", [1], [0, 8]), zeros(8)),
    /needs 4 bytes.*span 8/,
  ],
  [
    "fewer bytes than the shape needs",
    safetensorsOf(one("F32", [2], [0, 4]), zeros(4)),
    /needs 8 bytes.*span 4/,
  ],
  ["half a byte", safetensorsOf(one("F4", [3], [0, 2]), zeros(2)), /do not fill whole bytes/],
  ["a dtype that nobody knows", safetensorsOf(one("F128", [1], [0, 16]), zeros(16)), /"F128" is unknown/],
  ["a dtype in small letters", safetensorsOf(one("f32", [1], [0, 4]), zeros(4)), /"f32" is unknown/],
  [
    "a dtype that objects have",
    safetensorsOf(one("constructor", [1], [0, 4]), zeros(4)),
    /"constructor" is unknown/,
  ],
  [
    "a dtype of a million characters",
    safetensorsOf(one("F".repeat(1_000_000), [1], [0, 4]), zeros(4)),
    /FFF…" is unknown/,
  ],
  ["a tensor that is a list", safetensorsOf(header({ w: [] })), /tensor w: .*no object/],
  ["a tensor that is null", safetensorsOf(header({ w: null })), /tensor w: .*no object/],
  ["an empty name", safetensorsOf(one("U8", [1], [0, 1], ""), zeros(1)), /empty name/],
  [
    "a name of a million characters",
    safetensorsOf(one("U8", [1], [0, 1], "n".repeat(1_000_000)), zeros(1)),
    /1000000 characters/,
  ],
  ["a name with half a surrogate pair", safetensorsOf(utf8('{"\\udfff":{}}')), /half a surrogate pair/],
  [
    "a name twice",
    safetensorsOf(
      utf8(
        '{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      ),
      zeros(2),
    ),
    /"w" occurs twice/,
  ],
  [
    "a name twice, once escaped",
    safetensorsOf(
      utf8(
        '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
      ),
    ),
    /"a" occurs twice/,
  ],
  [
    "__proto__ twice",
    safetensorsOf(utf8('{"__proto__":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"__proto__":{}}')),
    /"__proto__" occurs twice/,
  ],
  [
    "a field twice",
    safetensorsOf(utf8('{"w":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}'), zeros(1)),
    /"dtype" occurs twice/,
  ],
  [
    "metadata that are a list",
    safetensorsOf(header({ __metadata__: [] })),
    /__metadata__: .*object of strings/,
  ],
  [
    "metadata that are null",
    safetensorsOf(header({ __metadata__: null })),
    /__metadata__: .*object of strings/,
  ],
  [
    "metadata with a number",
    safetensorsOf(header({ __metadata__: { a: 1 } })),
    /__metadata__: .*whole number|object of strings/,
  ],
  ["metadata in metadata", safetensorsOf(header({ __metadata__: { a: { b: "c" } } })), /object of strings/],
  [
    "metadata twice",
    safetensorsOf(utf8('{"__metadata__":{},"__metadata__":{}}')),
    /"__metadata__" occurs twice/,
  ],
  [
    "a hundred thousand sizes of 2",
    safetensorsOf(one("U8", Array(100_000).fill(2), [0, 1]), zeros(1)),
    /too large/,
  ],
  [
    "two hundred thousand tensors and one",
    safetensorsOf(
      utf8(
        `{${Array.from({ length: 200_001 }, (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`).join(",")}}`,
      ),
    ),
    /one tensor more than the 200000/,
  ],
];

/** Odd files that are read as they stand. */
export const ACCEPTED: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["no tensors", safetensorsOf(utf8("{}"))],
  ["metadata alone", safetensorsOf(header({ __metadata__: {} }))],
  ["metadata named __proto__", safetensorsOf(utf8('{"__metadata__":{"__proto__":"x","constructor":"y"}}'))],
  [
    "empty tensors",
    safetensorsOf(header({ a: tensor("F32", [0], [0, 0]), b: tensor("F32", [3, 0, 7], [0, 0]) })),
  ],
  [
    "an empty tensor between others",
    safetensorsOf(
      header({ a: tensor("U8", [2], [0, 2]), b: tensor("F16", [0], [2, 2]), c: tensor("U8", [1], [2, 3]) }),
      zeros(3),
    ),
  ],
  ["a zero and then huge sizes", safetensorsOf(one("F64", [0, 2 ** 53 - 1, 2 ** 53 - 1], [0, 0]))],
  ["a scalar", safetensorsOf(one("F32", [], [0, 4]), zeros(4))],
  ["a hundred thousand sizes of 1", safetensorsOf(one("U8", Array(100_000).fill(1), [0, 1]), zeros(1))],
  [
    "names that objects have",
    safetensorsOf(
      utf8(
        `{${["__proto__", "constructor", "hasOwnProperty", "toString"].map((name, i) => `"${name}":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`).join(",")}}`,
      ),
      Uint8Array.of(1, 2, 3, 4),
    ),
  ],
  [
    "names with a NUL, direction marks and line breaks",
    safetensorsOf(
      utf8(
        '{"\\u0000":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u202egnp\\n":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      ),
      Uint8Array.of(1, 2),
    ),
  ],
  [
    "tensors in another order than their data",
    safetensorsOf(
      header({ b: tensor("U8", [1], [1, 2]), a: tensor("U8", [1], [0, 1]) }),
      Uint8Array.of(1, 2),
    ),
  ],
  ["spaces behind the header", safetensorsOf(utf8(`{}${" ".repeat(1000)}`))],
];
