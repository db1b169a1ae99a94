import { type JsonTree, leaf, treeOf, treeText } from "./json-tree";
import { joined, mutateBytes } from "./mutate-bytes";
import { mutateJson } from "./mutate-json";
import type { SeededChoice } from "./seeded-choice";

/** Bits of an element of the dtypes that mutated files have. */
const WIDTHS: readonly (readonly [dtype: string, bits: number])[] = [
  ...([
    ["F64", 64],
    ["I64", 64],
    ["U64", 64],
    ["F32", 32],
    ["I32", 32],
    ["U32", 32],
    ["F16", 16],
  ] as const),
  ...([
    ["BF16", 16],
    ["I16", 16],
    ["U16", 16],
    ["F8_E4M3", 8],
    ["F8_E5M2", 8],
    ["I8", 8],
    ["U8", 8],
  ] as const),
  ...([
    ["BOOL", 8],
    ["F8_E8M0", 8],
    ["F4", 4],
    ["F6_E2M3", 6],
    ["C64", 64],
  ] as const),
];

/** Lengths that a header is declared to have. */
const LENGTHS = [0n, 1n, 2n, 7n, 8n, 2n ** 31n, 2n ** 32n, 2n ** 40n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

const NAMES = ["__proto__", "constructor", "w", "ä", "a b", "a.b.c", "\u0000", "\u202e", "😀", "7"];

/** A valid file of a few tensors of any dtype; some are empty or scalars. */
export function validSafetensors(choice: SeededChoice): Uint8Array {
  const members: [string, JsonTree][] = [];
  const names = new Set<string>();
  const parts: Uint8Array[] = [];
  let position = 0;
  if (choice.chance(0.5)) members.push(["__metadata__", treeOf({ format: "pt", note: "ä" })]);
  for (let n = choice.below(5); n >= 0; n--) {
    const [dtype, bits] = choice.one(WIDTHS);
    const shape = Array.from({ length: choice.below(4) }, () => choice.one([0, 1, 2, 2, 3, 4]));
    const elements = shape.reduce((a, b) => a * b, 1);
    if ((elements * bits) % 8 !== 0) continue;
    const name = choice.chance(0.3) ? choice.one(NAMES) : `layers.${n}.weight`;
    if (names.has(name)) continue;
    names.add(name);
    const size = (elements * bits) / 8;
    parts.push(Uint8Array.from({ length: size }, () => choice.below(256)));
    members.push([name, treeOf({ dtype, shape, data_offsets: [position, position + size] })]);
    position += size;
  }
  return assembled(treeText({ kind: "object", members }), joined(...parts));
}

const assembled = (header: string, data: Uint8Array): Uint8Array =>
  safetensorsOf(new TextEncoder().encode(header), data);

/** A file of any header, valid or not; `declared` is the length that it gives the header. */
export const safetensorsOf = (
  header: Uint8Array,
  data: Uint8Array = new Uint8Array(),
  declared: bigint = BigInt(header.length),
): Uint8Array => joined(lengthPrefix(declared), header, data);

function lengthPrefix(length: bigint): Uint8Array {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, length, true);
  return prefix;
}

const headerEnd = (file: Uint8Array): number =>
  8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));

const WAYS = [
  "bytes",
  "bytes then length",
  "header",
  "header",
  "same size",
  "same size",
  "length",
  "data",
  "none",
] as const;

/** A valid file after one to three changes; half of them pass the first checks, so that the later ones are met too. */
export function mutatedSafetensors(
  choice: SeededChoice,
  valid: Uint8Array = validSafetensors(choice),
): Uint8Array {
  let file = valid;
  const way = choice.one(WAYS);
  const end = headerEnd(file);
  const data = file.subarray(end);
  switch (way) {
    case "none":
      return file;
    case "bytes":
    case "bytes then length": {
      for (let n = 1 + choice.below(3); n > 0; n--)
        file = mutateBytes(file, validSafetensors(choice), choice);
      return way === "bytes" ? file : withLength(file);
    }
    case "header": {
      const tree = headerTree(file);
      for (let n = 1 + choice.below(2); n > 0; n--) mutateJson(tree, choice);
      return assembled(treeText(tree), data);
    }
    case "same size": {
      const tree = headerTree(file);
      sameSize(tree, choice);
      return assembled(`${treeText(tree)}${" ".repeat(choice.below(9))}`, data);
    }
    case "length": {
      const changed = choice.chance(0.5) ? choice.one(LENGTHS) : BigInt(end - 8 + choice.below(5) - 2);
      return joined(lengthPrefix(changed < 0n ? 0n : changed), file.subarray(8));
    }
    case "data": {
      const changed = new Uint8Array(file);
      if (end < changed.length) changed[end + choice.below(changed.length - end)]! ^= 1 << choice.below(8);
      return choice.chance(0.3) ? changed.slice(0, changed.length - choice.below(3)) : changed;
    }
  }
}

const headerTree = (file: Uint8Array): JsonTree =>
  treeOf(JSON.parse(new TextDecoder().decode(file.subarray(8, headerEnd(file)))));

/** Declares as many bytes as reach to the last brace, so that only what stands in the header is wrong. */
function withLength(file: Uint8Array): Uint8Array {
  const end = file.lastIndexOf(0x7d) + 1;
  return end > 8 ? joined(lengthPrefix(BigInt(end - 8)), file.subarray(8)) : file;
}

/** Changes that keep every tensor's bytes: another dtype of the same width, another shape of the same product, another name. */
function sameSize(tree: JsonTree, choice: SeededChoice): void {
  if (tree.kind !== "object") return;
  for (const member of tree.members) {
    const entry = member[1];
    if (member[0] === "__metadata__" || entry.kind !== "object") continue;
    for (const field of entry.members) {
      const [key, value] = field;
      if (key === "dtype" && value.kind === "leaf") {
        const bits = WIDTHS.find(([dtype]) => value.text === `"${dtype}"`)?.[1];
        const others = WIDTHS.filter(([, width]) => width === bits);
        if (others.length > 0) field[1] = leaf(`"${choice.one(others)[0]}"`);
      }
      if (key === "shape" && value.kind === "list" && choice.chance(0.5))
        value.members.splice(choice.below(value.members.length + 1), 0, ["", leaf("1")]);
    }
    if (choice.chance(0.3)) member[0] = `${choice.one(NAMES)}${choice.below(3)}`;
    if (choice.chance(0.3)) entry.members.reverse();
  }
  if (choice.chance(0.5)) tree.members.reverse();
}
