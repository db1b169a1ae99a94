import { fail, ok, type Result } from "../result";
import type { FolderSource } from "./byte-source";
import { CONFIG_LIMITS, findFile, readJsonObject, readText } from "./folder-files";
import { foreignFormat, refuseForeign } from "./foreign-formats";
import { type HashingSource, hashingSource } from "./hashing-source";
import { type LoraConfig, parseLoraConfig } from "./lora-config";
import { openSafetensors, type SafetensorsFile } from "./safetensors";
import type { PlainObject } from "./sharded";
import { toPlain } from "./strict-json";

/** A folder with a PEFT LoRA adapter, whose config and header were read and checked. */
export interface LoraAdapter {
  readonly name: string;
  readonly config: LoraConfig;
  /** Full name of adapter_config.json, for messages. */
  readonly configFile: string;
  readonly weights: SafetensorsFile;
  /** Both files count in the set's hash: the config fixes the scale of the update. */
  readonly files: readonly { readonly path: string; readonly source: HashingSource }[];
  readonly tokenizer: string | null;
  readonly tokenizerConfig: PlainObject | null;
}

export const ADAPTER_CONFIG = "adapter_config.json";
export const ADAPTER_WEIGHTS = "adapter_model.safetensors";
const MB = 2 ** 20;

/** Null where the folder has no adapter_config.json. */
export async function openAdapter(
  folder: FolderSource,
  signal?: AbortSignal,
): Promise<Result<LoraAdapter | null>> {
  const found = await findFile(folder, ADAPTER_CONFIG, signal);
  if (!found.ok || !found.value) return found as Result<null>;
  const configSource = hashingSource(found.value);
  const once: FolderSource = { name: folder.name, file: async () => configSource };
  const json = await readJsonObject(once, ADAPTER_CONFIG, CONFIG_LIMITS, signal);
  if (!json.ok) return json;
  const configFile = found.value.name;
  const config = parseLoraConfig(toPlain(json.value!.json) as PlainObject, configFile);
  if (!config.ok) return config;
  const weights = await findFile(folder, ADAPTER_WEIGHTS, signal);
  if (!weights.ok) return weights;
  if (!weights.value) return noWeights(folder, signal);
  const source = hashingSource(weights.value);
  const file = await openSafetensors(source, signal);
  if (!file.ok) return file;
  const tokenizer = await readText(folder, "tokenizer.json", 64 * MB, signal);
  if (!tokenizer.ok) return tokenizer;
  const tokenizerConfig = await readJsonObject(folder, "tokenizer_config.json", CONFIG_LIMITS, signal);
  if (!tokenizerConfig.ok) return tokenizerConfig;
  return ok({
    name: folder.name,
    config: config.value,
    configFile,
    weights: file.value,
    files: [
      { path: ADAPTER_WEIGHTS, source },
      { path: ADAPTER_CONFIG, source: configSource },
    ],
    tokenizer: tokenizer.value?.text ?? null,
    tokenizerConfig: tokenizerConfig.value ? (toPlain(tokenizerConfig.value.json) as PlainObject) : null,
  });
}

async function noWeights(folder: FolderSource, signal?: AbortSignal): Promise<Result<never>> {
  for (const path of ["adapter_model.bin", "adapter_model.pt"]) {
    const found = await findFile(folder, path, signal);
    const format = foreignFormat(path);
    if (found.ok && found.value && format) return refuseForeign(format, found.value.name);
  }
  return fail("bad-file", `the folder has ${ADAPTER_CONFIG}, but no ${ADAPTER_WEIGHTS}.`, {
    file: folder.name,
    remedy: "Download the missing file into the folder.",
  });
}
