import { canonicalJson } from "../canonical";
import { fail, ok, type Result } from "../result";
import { isObject, type Json, type JsonObject, parseStrictJson, quote, toPlain } from "./strict-json";

/** What a tokenizer.json computes, in a form in which equal tokenizers are equal. */
export interface TokenizerIdentity {
  readonly vocabulary: ReadonlyMap<string, Json>;
  /** Each as "left right"; where a token itself has spaces, with the left one's length before it. */
  readonly merges: readonly string[];
  /** Added and special tokens by content. */
  readonly added: ReadonlyMap<string, string>;
  /** Canonical JSON of the parts between: normalizer, pre-tokenizer, post-processor, decoder, the model's settings. */
  readonly parts: ReadonlyMap<string, string>;
  readonly largestId: number;
}

const PARTS = ["normalizer", "pre_tokenizer", "post_processor", "decoder"];

const REMEDY = "Download the tokenizer again, or export it with tokenizers.";

export function readTokenizer(text: string, file: string): Result<TokenizerIdentity> {
  const json = parseStrictJson(text, file, { remedy: REMEDY });
  if (!json.ok) return json;
  const bad = (message: string) => fail("bad-file", message, { file, remedy: REMEDY });
  if (!isObject(json.value)) return bad("its JSON is no object.");
  const model = json.value.get("model");
  const vocabulary = isObject(model) ? model.get("vocab") : undefined;
  if (!isObject(model) || !isObject(vocabulary)) return bad("its model.vocab is missing or no object.");
  let largestId = -1;
  for (const [token, value] of vocabulary) {
    if (!isId(value)) return bad(`the id of its token ${quote(token)} is no whole number.`);
    largestId = Math.max(largestId, value);
  }
  const merges = readMerges(model.get("merges") ?? []);
  if (typeof merges === "string") return bad(merges);
  const added = new Map<string, string>();
  const list = json.value.get("added_tokens") ?? [];
  if (!Array.isArray(list)) return bad("its added_tokens are no list.");
  for (const [i, token] of (list as readonly Json[]).entries()) {
    const content = isObject(token) ? token.get("content") : undefined;
    const value = isObject(token) ? token.get("id") : undefined;
    if (typeof content !== "string" || !isId(value))
      return bad(`its added_tokens[${i}] lacks content or id.`);
    added.set(content, (added.get(content) ?? "") + canonicalJson(toPlain(token)));
    largestId = Math.max(largestId, value);
  }
  return ok({ vocabulary, merges, added, parts: readParts(json.value, model), largestId });
}

const isId = (value: Json | undefined): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

/** Both spellings: "a b" and ["a", "b"]. The pairs, or what is wrong with them. */
function readMerges(merges: Json): string[] | string {
  if (!Array.isArray(merges)) return "its model.merges are no list.";
  const pairs: string[] = [];
  for (const [i, merge] of (merges as readonly Json[]).entries()) {
    const pair = typeof merge === "string" ? merge.split(" ") : merge;
    if (!isPair(pair)) return `its model.merges[${i}] is no pair of tokens.`;
    const [left, right] = pair;
    const spaced = left.includes(" ") || right.includes(" ");
    pairs.push(spaced ? `${left.length} ${left} ${right}` : `${left} ${right}`);
  }
  return pairs;
}

const isPair = (value: Json): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((token) => typeof token === "string");

function readParts(root: JsonObject, model: JsonObject): Map<string, string> {
  const parts = new Map(PARTS.map((name) => [name, canonicalJson(toPlain(root.get(name) ?? null))]));
  for (const [name, value] of model)
    if (name !== "vocab" && name !== "merges" && value !== null && value !== false)
      parts.set(`model.${name}`, canonicalJson(toPlain(value)));
  return parts;
}

/** The first difference, as the end of a sentence that begins with the second tokenizer; null when they are equal. */
export function tokenizerDifference(a: TokenizerIdentity, b: TokenizerIdentity): string | null {
  if (a.vocabulary.size !== b.vocabulary.size)
    return `has ${b.vocabulary.size} tokens in its vocabulary, the base's ${a.vocabulary.size}`;
  for (const [token, id] of a.vocabulary) {
    const other = b.vocabulary.get(token);
    if (other === undefined) return `lacks the base's token ${quote(token)}`;
    if (other !== id) return `gives the token ${quote(token)} the id ${other}, the base's gives it ${id}`;
  }
  const at = a.merges.findIndex((merge, i) => merge !== b.merges[i]);
  if (at >= 0 || a.merges.length !== b.merges.length)
    return `has other merges than the base's from number ${at < 0 ? a.merges.length : at} on`;
  for (const content of new Set([...a.added.keys(), ...b.added.keys()]))
    if (a.added.get(content) !== b.added.get(content))
      return `treats the added token ${quote(content)} differently`;
  for (const name of new Set([...a.parts.keys(), ...b.parts.keys()]))
    if (a.parts.get(name) !== b.parts.get(name)) return `has another ${name} than the base's`;
  return null;
}
