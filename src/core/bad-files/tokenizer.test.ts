import { expect, it } from "vitest";
import { memoryFolder } from "../checkpoint/byte-source";
import { readText } from "../checkpoint/folder-files";
import { TINY_TOKENIZER } from "../checkpoint/tiny-checkpoint";
import { readTokenizer, type TokenizerIdentity } from "../checkpoint/tokenizer-identity";
import { ok } from "../result";
import { openTokenizer } from "../scoring/tokenizer";
import { mutatedJsonFile } from "./mutate-json-file";
import { referenceValue } from "./reference-json";
import { refusalFault } from "./refusal-fault";
import { type BadFormat, runMutations, tallyText } from "./run-mutations";

const FILE = /^model\/tokenizer\.json$/;
const PLACE =
  /line \d+, column \d+|model\.(vocab|merges)|added_tokens|the id of its token|valid UTF-8|its JSON is no object/;
const merges = [
  ["a", "b"],
  ["a b", "c"],
];
const TOKENIZERS = [
  TINY_TOKENIZER,
  { ...TINY_TOKENIZER, model: { ...TINY_TOKENIZER.model, merges, byte_fallback: true }, truncation: null },
];

interface Declared {
  readonly model: { vocab: Record<string, number>; merges?: (string | [string, string])[] | null };
  readonly added_tokens?: { id: number; content: string }[] | null;
}

const format: BadFormat<{ identity: TokenizerIdentity; text: string }> = {
  file: FILE,
  mutate: (choice) => mutatedJsonFile(TOKENIZERS, choice),
  read: async (bytes) => {
    const read = await readText(
      memoryFolder("model", { "tokenizer.json": bytes }),
      "tokenizer.json",
      2 ** 20,
    );
    if (!read.ok) return read;
    const { text, file } = read.value!;
    const identity = readTokenizer(text, file);
    return identity.ok ? ok({ identity: identity.value, text }) : identity;
  },
  compare: ({ identity, text }, bytes) => {
    const { model, added_tokens } = referenceValue(bytes) as Declared;
    expect(new Map(identity.vocabulary)).toEqual(new Map(Object.entries(model.vocab)));
    const pairs = (model.merges ?? []).map((merge) => (typeof merge === "string" ? merge.split(" ") : merge));
    expect(pairs.every((pair) => pair.length === 2)).toBe(true);
    // Equal pairs, and no others, have equal names.
    expect(identity.merges).toHaveLength(pairs.length);
    expect(new Set(identity.merges).size).toBe(new Set(pairs.map((pair) => JSON.stringify(pair))).size);
    const added = added_tokens ?? [];
    expect([...identity.added.keys()].sort()).toEqual([...new Set(added.map((t) => t.content))].sort());
    const ids = [...Object.values(model.vocab), ...added.map((t) => t.id)];
    expect(identity.largestId).toBe(Math.max(-1, ...ids));
    // Whatever else it is, text can be encoded with it, or it is refused.
    const files = {
      name: "model",
      tokenizer: text,
      tokenizerConfig: { eos_token: "<|end|>" },
      config: {},
      generationConfig: null,
    };
    const opened = openTokenizer(files);
    const fault = opened.ok ? null : refusalFault(opened.problem, /^model\/tokenizer(_config)?\.json$/, /./);
    if (fault) throw new Error(fault);
  },
  place: PLACE,
};

it("1000 damaged tokenizers are read entry by entry, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(format, 1000, 400_000)));
});
