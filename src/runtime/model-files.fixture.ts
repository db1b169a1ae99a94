import { memorySource } from "../core/checkpoint/byte-source";
import { openSafetensors, readTensor } from "../core/checkpoint/safetensors";
import { decoderOf } from "../core/decoder/families";
import { type Result, sentence } from "../core/result";
import { openTokenizer } from "../core/scoring/tokenizer";
import type { Backend } from "./backend";
import { DecoderSession } from "./decoder-session";
import type { Feeds } from "./ort";

/** A small model's files. */
export interface ModelFiles {
  text(name: string): string;
  readonly weights: Uint8Array;
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(sentence(result.problem));
  return result.value;
}

/** A model ready to be scored on a backend. */
export async function openModelFiles(backend: Backend, files: ModelFiles) {
  const json = (name: string) => JSON.parse(files.text(name)) as Record<string, unknown>;
  const config = json("config.json");
  const model = must(decoderOf(config, "config.json"));
  const tokenizer = must(
    openTokenizer({
      name: "base",
      tokenizer: files.text("tokenizer.json"),
      tokenizerConfig: json("tokenizer_config.json"),
      config,
      generationConfig: json("generation_config.json"),
    }),
  );
  const file = must(await openSafetensors(memorySource("model.safetensors", files.weights)));
  const weights: Feeds = {};
  for (const { name, shape } of model.weights)
    weights[name] = new backend.ort.Tensor("float32", must(await readTensor(file, name)), shape as number[]);
  return { session: await DecoderSession.open(backend, model), weights, tokenizer, model };
}
