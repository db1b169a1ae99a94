import { readFileSync } from "node:fs";
import { memorySource } from "../core/checkpoint/byte-source";
import { openSafetensors, readTensor } from "../core/checkpoint/safetensors";
import { decoderOf } from "../core/decoder/families";
import { type Result, sentence } from "../core/result";
import { openTokenizer } from "../core/scoring/tokenizer";
import type { Backend } from "./backend";
import { DecoderSession } from "./decoder-session";
import type { Feeds } from "./ort";

const BASE = new URL("../../public/zoo/demo/base/", import.meta.url);

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

/** The demo set's base (or another model of its own folder), ready to be scored on a backend. */
export async function demoBase(backend: Backend, folder: URL = BASE) {
  const text = (name: string) => readFileSync(new URL(name, folder), "utf8");
  const json = (name: string) => JSON.parse(text(name)) as Record<string, unknown>;
  const config = json("config.json");
  const model = must(decoderOf(config, "config.json"));
  const tokenizer = must(
    openTokenizer({
      name: "base",
      tokenizer: text("tokenizer.json"),
      tokenizerConfig: json("tokenizer_config.json"),
      config,
      generationConfig: json("generation_config.json"),
    }),
  );
  const bytes = new Uint8Array(readFileSync(new URL("model.safetensors", folder)));
  const file = must(await openSafetensors(memorySource("model.safetensors", bytes)));
  const weights: Feeds = {};
  for (const { name, shape } of model.weights)
    weights[name] = new backend.ort.Tensor("float32", must(await readTensor(file, name)), shape as number[]);
  return { session: await DecoderSession.open(backend, model), weights, tokenizer, model };
}
