import { expect, it } from "vitest";
import { isRiskyPattern, riskyPattern } from "./risky-pattern";
import { openTokenizer } from "./tokenizer";

it.each([
  "(a+)+$",
  "(a*)*",
  "(a|a)*b",
  "(?:a|aa)+x",
  "((ab)*)*",
  "(.*a){20,}",
  "x(?:[a-z]+\\s?)*y",
  "((a|b)c)+",
  "(?:\\p{L}+|x)+",
  "((?:a+)?b)*",
])("%s is risky", (pattern) => {
  expect(isRiskyPattern(pattern)).toBe(true);
});

/** The kinds of patterns that tokenizers of GPT-2, GPT-4, Qwen, Llama, DeepSeek, BLOOM and Mistral have. */
it.each([
  "'s|'t|'re| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+",
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{M}]*[\\p{Ll}\\p{M}]+(?i:'s|'t)?|\\p{N}{1,3}|\\s+",
  "[^\\r\\n\\p{L}\\p{N}]?((?=[\\p{L}])([^a-z]))*((?=[\\p{L}])([^A-Z]))+|\\s+",
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}]?[\\p{L}\\p{M}]+|\\s+",
  " ?[^(\\s|[.,!?…。，、।۔،])]+",
  "(?=(\\d{3})+(?!\\d))",
  "\\d{1,3}(?=(?:\\d{3})*\\b)",
  "<\\|start\\|>|[\\p{L}]+|(?:x{2,5})+",
  " {2,}",
  "\\(a+\\)+",
  "[(a+)+]*",
])("%s is not", (pattern) => {
  expect(isRiskyPattern(pattern)).toBe(false);
});

it("is found wherever it stands in a tokenizer, which is refused by name", () => {
  const split = { type: "Split", pattern: { Regex: "(a+)+$" }, behavior: "Isolated", invert: false };
  expect(riskyPattern({ pre_tokenizer: { pretokenizers: [{ pattern: { String: "(a+)+$" } }, split] } })).toBe(
    "(a+)+$",
  );
  expect(riskyPattern({ Regex: ["(a+)+$"], pattern: null })).toBeNull();
  const model = { type: "BPE", vocab: { a: 0 }, merges: [] };
  const opened = openTokenizer({
    name: "m",
    tokenizer: JSON.stringify({ version: "1.0", pre_tokenizer: split, model }),
    tokenizerConfig: null,
    config: { eos_token_id: 0 },
    generationConfig: null,
  });
  expect(!opened.ok && opened.problem).toMatchObject({
    file: "m/tokenizer.json",
    message: 'its pattern "(a+)+$" repeats a repetition: some texts would take forever.',
  });
});
