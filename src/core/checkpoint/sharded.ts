import type { StoredValues } from "../merge/block-ops";
import { fail, ok, type Result } from "../result";
import type { FolderSource } from "./byte-source";
import { CONFIG_LIMITS, findFile, readJsonObject, readText } from "./folder-files";
import { FOREIGN_WEIGHTS, foreignFormat, refuseForeign } from "./foreign-formats";
import { type HashingSource, hashingSource } from "./hashing-source";
import { type LoraAdapter, openAdapter } from "./lora-adapter";
import {
  type ElementRange,
  openSafetensors,
  readRaw,
  readStored,
  readTensor,
  type SafetensorsFile,
} from "./safetensors";
import { shorten, toPlain } from "./strict-json";
import { checkShard, parseWeightIndex } from "./weight-index";

export type PlainObject = Readonly<Record<string, unknown>>;

/** A tensor as a checkpoint holds it. */
export interface StoredTensor {
  /** safetensors' name, one of `READABLE` for weights. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Full name of its file, for messages. */
  readonly file: string;
}

/** A checkpoint folder whose headers were read and checked; weights are read tensor by tensor. */
export interface Checkpoint {
  readonly name: string;
  readonly config: PlainObject;
  /** Full name of config.json, for messages. */
  readonly configFile: string;
  /** The text of tokenizer.json; null where the folder has none. */
  readonly tokenizer: string | null;
  readonly tokenizerConfig: PlainObject | null;
  readonly generationConfig: PlainObject | null;
  /** Shard after shard, in the order of the data. */
  readonly tensorNames: readonly string[];
  /** Bytes of all weight files. */
  readonly bytes: number;
  /** The weight files by their names in the folder; `source.digest()` gives the SHA-256. */
  readonly files: readonly { readonly path: string; readonly source: HashingSource }[];
  info(name: string): StoredTensor | null;
  /** Elements of a tensor as they are stored; all of them without a range. */
  values(name: string, range?: ElementRange, signal?: AbortSignal): Promise<Result<StoredValues>>;
  /** Values in float32, in a buffer of their own. */
  tensor(name: string, signal?: AbortSignal): Promise<Result<Float32Array<ArrayBuffer>>>;
  /** All bytes of a tensor of any dtype, for those that are no weights. */
  raw(name: string, signal?: AbortSignal): Promise<Result<Uint8Array>>;
}

const MB = 2 ** 20;
const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";
const INDEX_LIMITS = { bytes: 64 * MB, values: 400_000 };
const CHOOSE = "Choose a Hugging Face checkpoint folder: config.json beside the .safetensors files.";

/** What a folder holds: a model, or an adapter that makes one together with its base. */
export type OpenedFolder =
  | { readonly kind: "model"; readonly checkpoint: Checkpoint }
  | { readonly kind: "adapter"; readonly adapter: LoraAdapter };

/** Opens a Hugging Face folder: config.json, and model.safetensors or the shards that its index lists. */
export async function openCheckpoint(
  folder: FolderSource,
  signal?: AbortSignal,
): Promise<Result<Checkpoint>> {
  const opened = await openModelOrAdapter(folder, signal);
  if (!opened.ok) return opened;
  if (opened.value.kind === "model") return ok(opened.value.checkpoint);
  return fail("bad-file", "the folder holds a LoRA adapter and no model.", {
    file: folder.name,
    remedy: "Choose the model's folder; an adapter can be a component of a set with that model as base.",
  });
}

/** Opens a folder of either kind. One that holds a model's weights is a model, whatever lies beside them. */
export async function openModelOrAdapter(
  folder: FolderSource,
  signal?: AbortSignal,
): Promise<Result<OpenedFolder>> {
  const config = await readJsonObject(folder, "config.json", CONFIG_LIMITS, signal);
  if (!config.ok) return config;
  const weights = await openWeights(folder, signal);
  if (!weights.ok) return weights;
  if (!weights.value) {
    const adapter = await openAdapter(folder, signal);
    if (!adapter.ok) return adapter;
    if (adapter.value) return ok({ kind: "adapter", adapter: adapter.value });
    return noWeights(folder, config.value !== null, signal);
  }
  const files = weights.value;
  if (!config.value)
    return fail("bad-file", "the folder has no config.json.", { file: folder.name, remedy: CHOOSE });
  const tokenizer = await readText(folder, "tokenizer.json", 64 * MB, signal);
  if (!tokenizer.ok) return tokenizer;
  const tokenizerConfig = await readJsonObject(folder, "tokenizer_config.json", CONFIG_LIMITS, signal);
  if (!tokenizerConfig.ok) return tokenizerConfig;
  const generationConfig = await readJsonObject(folder, "generation_config.json", CONFIG_LIMITS, signal);
  if (!generationConfig.ok) return generationConfig;

  const homes = new Map<string, SafetensorsFile>();
  for (const { file } of files) for (const name of file.tensors.keys()) homes.set(name, file);
  const checkpoint: Checkpoint = {
    name: folder.name,
    config: toPlain(config.value.json) as PlainObject,
    configFile: config.value.file,
    tokenizer: tokenizer.value?.text ?? null,
    tokenizerConfig: tokenizerConfig.value ? (toPlain(tokenizerConfig.value.json) as PlainObject) : null,
    generationConfig: generationConfig.value ? (toPlain(generationConfig.value.json) as PlainObject) : null,
    tensorNames: [...homes.keys()],
    bytes: files.reduce((sum, { source }) => sum + source.size, 0),
    files: files.map(({ path, source }) => ({ path, source })),
    info: (name) => {
      const file = homes.get(name);
      const info = file?.tensors.get(name);
      return file && info ? { dtype: info.dtype, shape: info.shape, file: file.source.name } : null;
    },
    values: async (name, range, abort) => {
      const file = homes.get(name);
      return file ? readStored(file, name, range, abort) : noTensor(folder.name, name);
    },
    tensor: async (name, abort) => {
      const file = homes.get(name);
      return file ? readTensor(file, name, abort) : noTensor(folder.name, name);
    },
    raw: async (name, abort) => {
      const file = homes.get(name);
      return file ? readRaw(file, name, abort) : noTensor(folder.name, name);
    },
  };
  return ok({ kind: "model", checkpoint });
}

const noTensor = (file: string, tensor: string): Result<never> =>
  fail("bad-file", "there is no such tensor in the checkpoint.", {
    file,
    tensor: shorten(tensor),
    remedy: "Open the set again.",
  });

interface WeightFile {
  readonly path: string;
  readonly source: HashingSource;
  readonly file: SafetensorsFile;
}

/** As in transformers, a single file comes before an index; null where there is neither. */
async function openWeights(folder: FolderSource, signal?: AbortSignal): Promise<Result<WeightFile[] | null>> {
  const single = await openFile(folder, SINGLE, signal);
  if (!single.ok) return single;
  if (single.value) return ok([single.value]);
  const json = await readJsonObject(folder, INDEX, INDEX_LIMITS, signal);
  if (!json.ok) return json;
  if (!json.value) return ok(null);
  const index = parseWeightIndex(json.value.json, json.value.file);
  if (!index.ok) return index;
  const opened: WeightFile[] = [];
  for (const path of [...index.value.shards.keys()].sort()) {
    const shard = await openFile(folder, path, signal);
    if (!shard.ok) return shard;
    if (!shard.value)
      return fail("bad-file", `the shard ${path}, which the index lists, is missing.`, {
        file: json.value.file,
        remedy: "Download the missing file into the folder.",
      });
    const wrong = checkShard(index.value, path, shard.value.file.tensors, shard.value.source.name);
    if (wrong) return wrong;
    opened.push(shard.value);
  }
  return ok(opened);
}

async function openFile(
  folder: FolderSource,
  path: string,
  signal?: AbortSignal,
): Promise<Result<WeightFile | null>> {
  const found = await findFile(folder, path, signal);
  if (!found.ok) return found;
  if (!found.value) return ok(null);
  const source = hashingSource(found.value);
  const file = await openSafetensors(source, signal);
  // A merge needs no hash; the health check goes on from here.
  source.follow(false);
  return file.ok ? ok({ path, source, file: file.value }) : file;
}

async function noWeights(
  folder: FolderSource,
  hasConfig: boolean,
  signal?: AbortSignal,
): Promise<Result<never>> {
  for (const path of FOREIGN_WEIGHTS) {
    const found = await findFile(folder, path, signal);
    const format = foreignFormat(path);
    if (found.ok && found.value && format) return refuseForeign(format, found.value.name);
  }
  const lacks = hasConfig
    ? `neither ${SINGLE} nor ${INDEX}`
    : "neither config.json nor safetensors weights, nor is it an adapter's";
  return fail("bad-file", `the folder has ${lacks}.`, {
    file: folder.name,
    remedy: CHOOSE,
  });
}
