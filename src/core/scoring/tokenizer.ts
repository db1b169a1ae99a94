import { Tokenizer } from "@huggingface/tokenizers";
import { quote, shorten } from "../checkpoint/quote";
import { parseStrictJson, toPlain } from "../checkpoint/strict-json";
import { fail, ok, type Result } from "../result";
import { riskyPattern } from "./risky-pattern";

type Fields = Readonly<Record<string, unknown>>;

/** Text ↔ token ids as lm-eval's HFLM uses a tokenizer. */
export interface TextTokenizer {
  /**
   * With the special tokens that the tokenizer adds by itself (a BOS in Llama's), unless the text begins with the prefix
   * token's text; with `special` false without any.
   */
  encode(text: string, special?: boolean): number[];
  /** With `skipSpecial` special tokens have no text. */
  decode(ids: readonly number[], skipSpecial?: boolean): string;
  /** Stands before an empty context and before a rolling text: the BOS token, else EOS (lm-eval's rule). */
  readonly prefixToken: number;
  /** Tokens that end a generation. */
  readonly stopTokens: ReadonlySet<number>;
}

/** The JSON texts of a checkpoint folder; absent files are null. */
export interface TokenizerFiles {
  readonly name: string;
  readonly tokenizer: string;
  readonly tokenizerConfig: Fields | null;
  readonly config: Fields;
  readonly generationConfig: Fields | null;
  /** lm-eval's add_bos_token: a BOS before every text, or never a special token; as the tokenizer does by itself when absent. */
  readonly addBosToken?: boolean | undefined;
}

export function openTokenizer(files: TokenizerFiles): Result<TextTokenizer> {
  const file = `${files.name}/tokenizer.json`;
  const json = parseStrictJson(files.tokenizer, file);
  if (!json.ok) return json;
  const tokenizer = toPlain(json.value) as object;
  const risky = riskyPattern(tokenizer);
  if (risky !== null)
    return fail(
      "bad-file",
      `its pattern ${quote(risky)} repeats a repetition: some texts would take forever.`,
      {
        file,
        remedy: "Write the pattern without a repetition inside a repetition.",
      },
    );
  let inner: Tokenizer;
  try {
    inner = new Tokenizer(tokenizer, files.tokenizerConfig ?? {});
    inner.encode("a", { add_special_tokens: false });
  } catch (error) {
    return fail("bad-file", `the tokenizer cannot be used: ${reason(error)}.`, {
      file,
      remedy: "Export it again with Hugging Face tokenizers.",
    });
  }
  const special = (name: string) =>
    tokenId(inner, files.tokenizerConfig?.[name]) ?? firstId(files.config[`${name}_id`]);
  const eos = special("eos_token");
  const prefixToken = special("bos_token") ?? eos;
  if (prefixToken === undefined) {
    return fail("bad-file", "neither a BOS nor an EOS token is named, so no text has a first context.", {
      file: `${files.name}/tokenizer_config.json`,
      remedy: "Name bos_token or eos_token in tokenizer_config.json.",
    });
  }
  const stopTokens = new Set([
    ...allIds(files.generationConfig?.eos_token_id),
    ...(eos === undefined ? [] : [eos]),
  ]);
  const decode = (ids: readonly number[], skipSpecial = false) =>
    ids.length === 0
      ? ""
      : inner.decode([...ids], {
          skip_special_tokens: skipSpecial,
          clean_up_tokenization_spaces: false,
        });
  const prefix = decode([prefixToken]);
  const bos = special("bos_token");
  const encode = (text: string, own: boolean) => inner.encode(text, { add_special_tokens: own }).ids;
  return ok({
    encode: (text, own) => {
      if (own === false || (prefix !== "" && text.startsWith(prefix))) return encode(text, false);
      if (files.addBosToken === undefined) return encode(text, true);
      return [...(files.addBosToken && bos !== undefined ? [bos] : []), ...encode(text, false)];
    },
    decode,
    prefixToken,
    stopTokens,
  });
}

/** What the library says; not its own exceptions over parts that it takes for granted. */
function reason(error: unknown): string {
  const said = error instanceof Error && error.name === "Error" ? error.message : "";
  const clean = shorten(said.replace(/:? *(?:undefined|\[object \w+\])/g, "")).replace(/[.\s]+$/, "");
  return clean === "" ? "one of its parts is missing or of another kind" : clean;
}

/** A token is named by its text or by an object with `content`. */
function tokenId(inner: Tokenizer, token: unknown): number | undefined {
  const text = typeof token === "object" && token !== null ? (token as Fields).content : token;
  return typeof text === "string" ? inner.token_to_id(text) : undefined;
}

const allIds = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((v): v is number => Number.isInteger(v));
const firstId = (value: unknown): number | undefined => allIds(value)[0];
