import { expect, it } from "vitest";
import { JSON_READERS, type JsonReader } from "./json-readers";
import { refusalFault } from "./refusal-fault";
import { timed } from "./timed";

const utf8 = (text: string) => new TextEncoder().encode(text);
const MILLION = 1_000_000;

/** JSON that nobody may accept, and a part of what is said of it. */
const REFUSED: readonly (readonly [name: string, bytes: Uint8Array, said: RegExp])[] = [
  ["an empty file", utf8(""), /too early|begin with/],
  ["white space alone", utf8(" \n\t ".repeat(1000)), /too early|begin with/],
  ["lists a million deep", utf8("[".repeat(MILLION)), /nested deeper than 64 levels|begin with/],
  ["objects a million deep", utf8('{"a":'.repeat(MILLION)), /nested deeper than 64 levels/],
  [
    "closed lists a million deep",
    utf8(`{"a":${"[".repeat(MILLION)}${"]".repeat(MILLION)}}`),
    /nested deeper/,
  ],
  ["a key twice", utf8('{"a":1,"a":1}'), /"a"|tensor a/],
  ["a key twice, once escaped", utf8('{"a":1,"\\u0061":1}'), /"a"|tensor a/],
  ["a key twice, deep inside", utf8('{"z":{"y":[{"b":0,"b":0}]}}'), /the key "b" occurs twice/],
  ["__proto__ twice", utf8('{"__proto__":1,"__proto__":1}'), /__proto__/],
  ["half a surrogate pair", utf8('{"\\ud800":1}'), /half a surrogate pair/],
  ["two halves in the wrong order", utf8('{"\\udc00\\ud800":1}'), /half a surrogate pair/],
  ["an unknown escape", utf8('{"\\x41":1}'), /invalid escape/],
  ["a line break in a string", utf8('{"a\nb":1}'), /"\\n"/],
  ["NaN", utf8('{"a":NaN}'), /"N"/],
  ["Infinity", utf8('{"a":Infinity}'), /"I"/],
  ["-Infinity", utf8('{"a":-Infinity}'), /"-"/],
  ["a number beyond float64", utf8('{"a":1e400}'), /1e400/],
  ["a number of 100000 digits", utf8(`{"a":${"7".repeat(100_000)}}`), /the number 777/],
  ["a leading zero", utf8('{"a":01}'), /"1"/],
  ["a hexadecimal number", utf8('{"a":0x10}'), /"x"/],
  ["a comma at the end", utf8('{"a":1,}'), /"}"/],
  ["no quotes", utf8("{a:1}"), /"a"/],
  ["single quotes", utf8("{'a':1}"), /"'"/],
  ["a comment", utf8('{/**/"a":1}'), /"\/"/],
  ["text behind it", utf8('{"a":1}{"a":1}'), /text follows|tensor a/],
  ["a cut string", utf8('{"a":"b'), /ends inside a string/],
  ["a cut key", utf8('{"a'), /ends inside a string/],
  ["a string that ends in a backslash", utf8('{"a":"b\\'), /ends inside a string/],
  ["no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), /valid UTF-8/],
  ["an overlong encoding", Uint8Array.of(0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d), /valid UTF-8/],
  [
    "a surrogate in UTF-8",
    Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d),
    /valid UTF-8/,
  ],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00), /valid UTF-8/],
  ["a NUL", utf8('{"a":1}\u0000'), /"\\u0000"|text follows|tensor a/],
  ["null", utf8("null"), /./],
  ["a list", utf8("[]"), /./],
  ["a number", utf8("12"), /./],
  ["a string", utf8('"{}"'), /./],
];

/** Odd JSON that a reader may accept; it must not hang, throw or change what all objects have. */
const ODD: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["an empty object", utf8("{}")],
  ["a byte order mark", utf8('\ufeff{"a":1}')],
  ["two byte order marks", utf8("\ufeff\ufeff{}")],
  [
    "a prototype to be replaced",
    utf8('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  ],
  [
    "prototypes everywhere",
    utf8(
      '{"model":{"__proto__":{"vocab":{}}},"weight_map":{"__proto__":"a.safetensors"},"r":{"__proto__":[]}}',
    ),
  ],
  [
    "names that objects have",
    utf8('{"toString":1,"valueOf":null,"hasOwnProperty":{},"then":0,"length":-1,"toJSON":[]}'),
  ],
  ["hidden characters", utf8('{"\\u0000\\u202e\u2066\u200f":"\\u202egnp.exe","\u202e":{"\u0085":1}}')],
  ["minus zero and the smallest number", utf8('{"a":-0,"b":5e-324,"c":1e-400}')],
];

/** Large files, which readers share one parser for. */
const LARGE: readonly (readonly [name: string, text: () => string, said: RegExp | null])[] = [
  ["four million values", () => `{"a":[${"0,".repeat(4 * MILLION)}0]}`, /more than (4000000|250000) values/],
  [
    "1.6 million lists",
    () => `{"a":[${"[],".repeat(1.6 * MILLION)}[]]}`,
    /more than (1500000 lists|250000 values)/,
  ],
  ["300000 objects", () => `{"a":[${"{},".repeat(300_000)}{}]}`, /more than 250000 (objects|values)/],
  ["a key of a million characters", () => `{"${"k".repeat(MILLION)}":1}`, null],
  ["a string of five million characters", () => `{"a":"${"x".repeat(5 * MILLION)}"}`, null],
  ["a million escapes", () => `{"a":"${"\\u0061".repeat(MILLION)}"}`, null],
  [
    "a hundred thousand keys",
    () => `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":${i}`).join(",")}}`,
    null,
  ],
  ["fifteen million spaces", () => `{${" ".repeat(15 * MILLION)}}`, null],
  [
    "a million line feeds before a mistake",
    () => `${"\n".repeat(MILLION)}{"a":[1,}`,
    /line 1000001, column 9|begin with/,
  ],
];

/** CPU time, so that other processes of the machine do not count. */
const cpu = () => process.cpuUsage().user / 1000;

async function outcome(reader: JsonReader, bytes: Uint8Array) {
  const { value, ms } = await timed(() => reader.read(bytes), cpu, 500);
  expect(ms, reader.name).toBeLessThan(1000);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect("polluted" in {}).toBe(false);
  return value;
}

async function expectRefused(reader: JsonReader, bytes: Uint8Array, said: RegExp): Promise<void> {
  const read = await outcome(reader, bytes);
  if (read.ok) throw new Error(`${reader.name} accepted it`);
  // A tensor's entry is looked at before what follows it is read.
  const place = new RegExp(`${said.source}|tensor a: its header entry`);
  expect(refusalFault(read.problem, reader.file, place), reader.name).toBeNull();
}

async function expectHeld(reader: JsonReader, bytes: Uint8Array): Promise<void> {
  const read = await outcome(reader, bytes);
  if (!read.ok) expect(refusalFault(read.problem, /./, /./), reader.name).toBeNull();
}

it.each(REFUSED)("every reader of JSON refuses %s, with the place", async (_, bytes, said) => {
  for (const reader of JSON_READERS) await expectRefused(reader, bytes, said);
});

it.each(ODD)("every reader of JSON reads or refuses %s", async (_, bytes) => {
  for (const reader of JSON_READERS) await expectHeld(reader, bytes);
});

it.each(LARGE)("readers answer within a second to %s", async (_, text, said) => {
  const bytes = utf8(text());
  for (const reader of JSON_READERS.filter(({ name }) => /^config|header|^tokenizer.json$/.test(name)))
    if (said) await expectRefused(reader, bytes, new RegExp(`${said.source}|: its header entry`));
    else await expectHeld(reader, bytes);
});
