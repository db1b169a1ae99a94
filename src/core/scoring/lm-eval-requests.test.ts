import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { itemRequests } from "./requests";
import { openTokenizer } from "./tokenizer";

interface Asked {
  tokens: number[];
  scored?: number;
  room?: number;
}
type Answer = Asked[] | { error: string };
interface Values {
  pairs: [string, string][];
  texts: string[];
  prompts: string[];
  tokenizers: Record<
    string,
    { length: number; prefix: number; pairs: Answer[]; texts: Answer[]; prompts: Answer[] }[]
  >;
}

const FOLDER = "reference/values/lm-eval";
const values = JSON.parse(readFileSync(`${FOLDER}/requests.json`, "utf8")) as Values;

function tokenizerOf(title: string) {
  const [name = "", added] = title.split(", add_bos_token=");
  const folder = name === "demo" ? "public/zoo/demo/base" : `${FOLDER}/tokenizers/${name}`;
  const opened = openTokenizer({
    name,
    tokenizer: readFileSync(`${folder}/tokenizer.json`, "utf8"),
    tokenizerConfig: JSON.parse(readFileSync(`${folder}/tokenizer_config.json`, "utf8")),
    config: {},
    generationConfig: null,
    addBosToken: added === undefined ? undefined : added === "True",
  });
  if (!opened.ok) throw new Error(opened.problem.message);
  return opened.value;
}

const cases = Object.entries(values.tokenizers).flatMap(([name, runs]) =>
  runs.map((run) => [name, run.length, run] as const),
);

describe.each(cases)("HFLM's requests with the tokenizer %s and %i tokens", (name, length, run) => {
  const tokenizer = tokenizerOf(name);
  it("has the same prefix token", () => expect(tokenizer.prefixToken).toBe(run.prefix));

  it.each(values.pairs.map((pair, i) => [...pair, i] as const))("%j, %j", (context, continuation, i) => {
    const want = run.pairs[i]!;
    const { sequences, tokens, truncated } = itemRequests(
      { context, continuation },
      "loglikelihood",
      tokenizer,
      length,
    );
    // lm-eval stops with an error where a continuation is longer than the model's length.
    expect(truncated?.scored ?? false).toBe("error" in want);
    if ("error" in want) return;
    const { tokens: all, scored } = want[0]!;
    expect(sequences).toEqual([{ tokens: all, from: all.length - scored! }]);
    expect(tokens).toEqual([scored]);
  });

  it.each(values.texts.map((text, i) => [text, i] as const))("windows of %j", (text, i) => {
    const want = run.texts[i] as Asked[];
    const { sequences } = itemRequests({ text }, "loglikelihood_rolling", tokenizer, length);
    expect(sequences).toEqual(want.map(({ tokens, scored }) => ({ tokens, from: tokens.length - scored! })));
  });

  it.each(values.prompts.map((prompt, i) => [prompt, i] as const))("the prompt %j", (context, i) => {
    const [want] = run.prompts[i] as Asked[];
    const item = { context, target: "", until: ["\n"], maxGenToks: 10 };
    const { generate } = itemRequests(item, "generate_until", tokenizer, length);
    expect(generate!.prompt).toEqual(want!.tokens);
    expect(generate!.maxTokens).toBe(want!.room);
  });
});
