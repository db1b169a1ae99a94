import { memoryFolder } from "../checkpoint/byte-source";
import { readText } from "../checkpoint/folder-files";
import { openAdapter } from "../checkpoint/lora-adapter";
import { openSafetensors } from "../checkpoint/safetensors";
import { parseSetSpec } from "../checkpoint/set-spec";
import { openCheckpoint } from "../checkpoint/sharded";
import { encodeSafetensors, TINY_CONFIG, tinyTensors } from "../checkpoint/tiny-checkpoint";
import { readTokenizer } from "../checkpoint/tokenizer-identity";
import { decoderOf } from "../decoder/families";
import { parseRecipe } from "../recipe/parse-recipe";
import type { Result } from "../result";
import { parseRunsHeader } from "../scoring/runs-file";
import { parseTaskSet } from "../scoring/task-files";
import { openTokenizer } from "../scoring/tokenizer";
import { countingSource } from "./counting-source";
import { safetensorsOf } from "./mutate-safetensors";

/** A reader of a JSON file: from its bytes to a value or a refusal that names `file`. */
export interface JsonReader {
  readonly name: string;
  readonly file: RegExp;
  readonly read: (bytes: Uint8Array) => Promise<Result<unknown>>;
}

const weights = encodeSafetensors(tinyTensors(1));
const config = JSON.stringify(TINY_CONFIG);
const MB = 2 ** 20;

/** Among the files of a checkpoint. */
const inCheckpoint = (name: string): JsonReader => ({
  name,
  file: new RegExp(`^model/${name}$`),
  read: async (bytes) => {
    const files = { "config.json": config, "model.safetensors": weights, [name]: bytes };
    const opened = await openCheckpoint(memoryFolder("model", files));
    return opened.ok && name === "config.json"
      ? decoderOf(opened.value.config, opened.value.configFile)
      : opened;
  },
});

/** A text that a parser gets with its file's name. */
const ofText = (name: string, parse: (text: string, file: string) => Result<unknown>): JsonReader => ({
  name,
  file: new RegExp(`^dir/${name}$`),
  read: async (bytes) => {
    const read = await readText(memoryFolder("dir", { [name]: bytes }), name, 64 * MB);
    return read.ok && read.value ? parse(read.value.text, read.value.file) : read;
  },
});

/** Every reader of JSON in the workbench's core; a share link is JSON too, but no file. */
export const JSON_READERS: readonly JsonReader[] = [
  inCheckpoint("config.json"),
  inCheckpoint("tokenizer_config.json"),
  inCheckpoint("generation_config.json"),
  {
    name: "model.safetensors.index.json",
    file: /^model\/model\.safetensors\.index\.json$/,
    read: (bytes) =>
      openCheckpoint(memoryFolder("model", { "config.json": config, "model.safetensors.index.json": bytes })),
  },
  {
    name: "adapter_config.json",
    file: /^own\/adapter_(config\.json|model\.safetensors)$/,
    read: (bytes) =>
      openAdapter(
        memoryFolder("own", { "adapter_config.json": bytes, "adapter_model.safetensors": weights }),
      ),
  },
  {
    name: "a safetensors header",
    file: /^model\.safetensors$/,
    read: (bytes) => openSafetensors(countingSource("model.safetensors", safetensorsOf(bytes))),
  },
  ofText("tokenizer.json", readTokenizer),
  {
    ...ofText("tokenizer.json", (text) =>
      openTokenizer({
        name: "dir",
        tokenizer: text,
        tokenizerConfig: null,
        config: {},
        generationConfig: null,
      }),
    ),
    name: "tokenizer.json for scoring",
  },
  ofText("demix-set.json", parseSetSpec),
  ofText("recipe.json", parseRecipe),
  ofText("tasks.json", parseTaskSet),
  ofText("runs.json", (text, file) => parseRunsHeader(text, file, 2)),
];
