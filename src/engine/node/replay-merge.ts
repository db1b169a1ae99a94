import { basename, dirname, isAbsolute, join } from "node:path";
import { type BufferPool, BytePool } from "../../core/checkpoint/byte-pool";
import type { ComponentMember, ComponentSetSpec, SetMember } from "../../core/checkpoint/component-set";
import { isReadable, type WritableDtype } from "../../core/checkpoint/dtype";
import { setHasher } from "../../core/checkpoint/hasher";
import { checkpointFiles, DTYPE_NAMES } from "../../core/checkpoint/model-files";
import { type WrittenFile, writeModel } from "../../core/checkpoint/model-writer";
import { type OpenedComponentSet, openSet } from "../../core/checkpoint/open-set";
import type { Progress } from "../../core/checkpoint/progress";
import type { BlockOps } from "../../core/merge/block-ops";
import { configDtypes } from "../../core/merge/config/config-dtypes";
import { type MergeConfig, type MergeInputs, mergeInputs } from "../../core/merge/config/merge-config";
import { type ModelReference, modelName, sameModel } from "../../core/merge/config/model-reference";
import { parseMergeConfig } from "../../core/merge/config/parse-merge-config";
import { resolveAll } from "../../core/merge/config/resolve-parameters";
import { type MergePlan, PIECES_AHEAD, SLICE_BYTES } from "../../core/merge/merge-plan";
import { declaredTensors, modelData } from "../../core/merge/model-data";
import { findMethod } from "../../core/merge/registry";
import { mergeCard } from "../../core/recipe/model-card";
import { fail, ok, type Result } from "../../core/result";
import { hashThread } from "./hash-thread";
import { nodeFolder } from "./node-folder";
import { nodeHasher } from "./node-hasher";
import { stagedKernel } from "./node-kernel";
import { nodeOutput } from "./node-output";

export interface MergeOptions {
  readonly out: string;
  /** Round and choose as mergekit does. */
  readonly mergekit: boolean;
  readonly shardBytes: number;
  /** Of random masks. */
  readonly seed: number;
  readonly onProgress?: (progress: Progress) => void;
}

/** Bytes of buffers that wait to be used again beyond those that were in use at one time. */
const POOL_BYTES = 128 * 2 ** 20;

export interface MergeOutcome {
  readonly files: readonly WrittenFile[];
  /** What the configuration says and the result does not depend on, and what was found in the models. */
  readonly notes: readonly string[];
  readonly method: string;
  readonly dtype: WritableDtype;
}

/** Merges what a mergekit configuration names and writes the model; `file` is the YAML's path. */
export async function replayMerge(
  yaml: string,
  file: string,
  { out, mergekit, shardBytes, seed, onProgress }: MergeOptions,
): Promise<Result<MergeOutcome>> {
  setHasher(nodeHasher);
  const config = parseMergeConfig(yaml, file);
  if (!config.ok) return config;
  const method = findMethod(config.value.method);
  if (!method.ok) return method;
  const inputs = mergeInputs(config.value, method.value);
  const members = inputs.components.length + 1;
  const { ops, staging } = await stagedKernel(
    (PIECES_AHEAD + 1) * members,
    Math.ceil(SLICE_BYTES / members),
    new BytePool(Buffer.allocUnsafeSlow, POOL_BYTES),
  );
  const results = new BytePool((size) => new Uint8Array(new SharedArrayBuffer(size)), POOL_BYTES);
  const opened = await openModels(config.value, inputs, dirname(file), ops, staging ?? undefined);
  if (!opened.ok) return opened;
  const { set, donor, merged } = opened.value;
  const stored = set.tensors.flatMap(({ name }) =>
    [set.base, ...set.components.map((c) => c.checkpoint)].flatMap((c) => c.info(name)?.dtype ?? []),
  );
  const { precision, written: dtype } = configDtypes(config.value, new Set(stored.filter(isReadable)));
  const layers = Number(set.base.config.num_hidden_layers ?? set.base.config.n_layer ?? 1);
  const parameters = resolveAll(
    config.value,
    method.value,
    set.tensors.map((t) => t.name),
    layers,
  );
  if (!parameters.ok) return parameters;
  const plan: MergePlan = {
    tensors: set.tensors,
    components: merged,
    ...(inputs.base && { base: set.base }),
    method: method.value,
    parameters: (tensor) => parameters.value.get(tensor)!,
    dtype,
    precision: mergekit ? precision : "float32",
    mergekit,
    seed,
  };
  const files = await checkpointFiles(nodeFolder(donor), set.base.config, dtype);
  if (!files.ok) return files;
  const written = await writeModel(
    nodeOutput(out),
    {
      tensors: declaredTensors(plan, set),
      data: modelData(plan, set, { ops, inputs: staging ?? undefined, results }),
      files: (weights) => [
        ...files.value,
        {
          path: "README.md",
          content: mergeCard(basename(out), yaml, weights, DTYPE_NAMES[dtype], mergekit),
        },
        { path: "mergekit_config.yml", content: yaml },
      ],
    },
    { shardBytes, onProgress, hasher: hashThread, pool: results },
  );
  if (!written.ok) return written;
  const notes = [...config.value.notes, ...set.warnings];
  return ok({ files: written.value, notes, method: method.value.name, dtype });
}

interface OpenedModels {
  readonly set: OpenedComponentSet;
  /** Folder whose config and tokenizer the merged model gets: the base's, else the first model's, as in mergekit. */
  readonly donor: string;
  readonly merged: MergePlan["components"];
}

/** The configuration's models as a component set, so that they are checked as one is. */
async function openModels(
  { file, base }: MergeConfig,
  { components }: MergeInputs,
  home: string,
  ops: BlockOps,
  pool?: BufferPool,
): Promise<Result<OpenedModels>> {
  const first = base ?? components[0]!.model;
  const folderOf = (path: string) => (isAbsolute(path) ? path : join(home, path));
  if (first.lora !== null)
    return fail(
      "bad-recipe",
      `"${modelName(first)}" cannot give the merged model its shapes: it is an adapter.`,
      {
        file,
        remedy: "Name a whole model as base_model.",
      },
    );
  const foreign = components.find((c) => c.model.lora !== null && c.model.path !== first.path);
  if (foreign)
    return fail(
      "bad-recipe",
      `the adapter of "${modelName(foreign.model)}" belongs to another model than the base.`,
      {
        file,
        remedy: "Merge the adapter into its model first, then name the merged folder.",
      },
    );
  const isFirst = (model: ModelReference) => sameModel(model, first);
  const others = components.filter((c) => !isFirst(c.model)).map((c) => c.model);
  const folders = new Map([first, ...others].map((m) => [modelName(m), folderOf(m.lora ?? m.path)]));
  const opened = await openSet(specOf(first, others), (member) => nodeFolder(folders.get(member.id)!, pool), {
    ops,
  });
  if (!opened.ok) return opened;
  const set = opened.value;
  const readers = new Map(set.components.map(({ member, checkpoint }) => [member.id, checkpoint]));
  readers.set(modelName(first), set.base);
  const merged = components.map(({ model }) => {
    const id = modelName(model);
    return { id, reader: readers.get(id)! };
  });
  return ok({ set, donor: folderOf(first.path), merged });
}

function specOf(base: ModelReference, others: readonly ModelReference[]): ComponentSetSpec {
  const member = (model: ModelReference): SetMember => {
    const name = modelName(model);
    return { id: name, label: name, source: name };
  };
  const unknown = { trainedOn: "", general: false, beta: 0.5, trainTokens: null, supplyTokens: null };
  return {
    format: "demix-set",
    version: 2,
    name: "merge",
    beta: 0.5,
    base: member(base),
    components: others.map((model): ComponentMember => ({ ...member(model), ...unknown })),
  };
}
