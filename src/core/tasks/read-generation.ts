import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import type { GenerationSettings } from "../scoring/task";

/** What generation_kwargs say. */
export interface Generating {
  readonly until: readonly string[];
  readonly maxGenToks: number;
  readonly settings?: GenerationSettings;
  /** As lm-eval's results files write them. */
  readonly kwargs: Readonly<Record<string, unknown>>;
}

const LENGTHS = ["max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens"];
const DEFAULT_TOKENS = 256;
/** transformers' default where sampling states no top_k. */
const TOP_K = 50;

/** generation_kwargs with lm-eval's defaults and aliases; a setting that cannot be honoured is refused by name. */
export function readGeneration(
  given: unknown,
  repeats: number,
  fewshotDelimiter: string,
  file: string,
): Result<Generating> {
  const bad = (message: string, remedy: string) =>
    fail("bad-task", `generation_kwargs: ${message}`, { file, remedy });
  const own = given as Readonly<Record<string, unknown>> | undefined | null;
  const kwargs: Record<string, unknown> = own
    ? { ...own }
    : { temperature: 0, do_sample: false, max_gen_toks: DEFAULT_TOKENS };
  if (!("until" in kwargs)) kwargs.until = [fewshotDelimiter];
  const known = ["until", "do_sample", "temperature", "top_k", "top_p", ...LENGTHS];
  const unknown = Object.keys(kwargs).find((key) => !known.includes(key));
  if (unknown !== undefined) return bad(`${quote(unknown)} cannot be honoured.`, "Take it out.");
  const until = (Array.isArray(kwargs.until) ? kwargs.until : [kwargs.until ?? ""]).map(String);
  const length = LENGTHS.map((key) => kwargs[key]).find((v) => v !== undefined && v !== null);
  const maxGenToks = Math.trunc(Number(length ?? DEFAULT_TOKENS));
  if (!(maxGenToks >= 1))
    return bad("max_gen_toks is no positive number.", "Write how many tokens may be generated.");
  const temperature = Number(kwargs.temperature ?? 0);
  const sampled = kwargs.do_sample === true || (kwargs.do_sample !== false && temperature > 0);
  if (sampled && !(temperature > 0))
    return bad("do_sample without a temperature above 0 fails in lm-eval too.", "Give a temperature.");
  const { top_k: topK = TOP_K, top_p: topP } = kwargs;
  const settings: GenerationSettings | undefined = sampled
    ? {
        temperature,
        ...(Number(topK) > 0 && { topK: Number(topK) }),
        ...(topP !== undefined && topP !== null && Number(topP) < 1 && { topP: Number(topP) }),
        ...(repeats > 1 && { repeats }),
      }
    : repeats > 1
      ? { temperature: 0, repeats }
      : undefined;
  return ok({
    until: until.filter((stop) => stop !== ""),
    maxGenToks,
    ...(settings && { settings }),
    kwargs,
  });
}
