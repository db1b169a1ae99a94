import { Tokenizer } from "@huggingface/tokenizers";
import { fail, ok, type Result } from "../result";

type Fields = Readonly<Record<string, unknown>>;

/** Text ↔ token ids as lm-eval uses a tokenizer: no special tokens are added. */
export interface TextTokenizer {
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
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
}

export function openTokenizer(files: TokenizerFiles): Result<TextTokenizer> {
  const file = `${files.name}/tokenizer.json`;
  let inner: Tokenizer;
  try {
    inner = new Tokenizer(JSON.parse(files.tokenizer) as object, files.tokenizerConfig ?? {});
    inner.encode("a", { add_special_tokens: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail("bad-file", `the tokenizer cannot be used (${why.slice(0, 200)}).`, {
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
  return ok({
    encode: (text) => inner.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) =>
      ids.length === 0
        ? ""
        : inner.decode([...ids], { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    prefixToken,
    stopTokens,
  });
}

/** A token is named by its text or by an object with `content`. */
function tokenId(inner: Tokenizer, token: unknown): number | undefined {
  const text = typeof token === "object" && token !== null ? (token as Fields).content : token;
  return typeof text === "string" ? inner.token_to_id(text) : undefined;
}

const allIds = (value: unknown): number[] =>
  (Array.isArray(value) ? value : [value]).filter((v): v is number => Number.isInteger(v));
const firstId = (value: unknown): number | undefined => allIds(value)[0];
