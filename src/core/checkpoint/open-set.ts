import { fail, ok, type Result } from "../result";
import { cancelled, type FolderSource } from "./byte-source";
import { checkDeclaredFiles } from "./checksums";
import type { ComponentMember, ComponentSetSpec, SetMember } from "./component-set";
import { configDifference, parseQwen3Config, type Qwen3Config } from "./config";
import { checkTensors, type ExpectedTensor, elementsOf, expectedTensors } from "./expected-tensors";
import type { CallOptions } from "./progress";
import { type Checkpoint, openCheckpoint } from "./sharded";
import { readTokenizer, type TokenizerIdentity, tokenizerDifference } from "./tokenizer-identity";

export interface OpenedComponent {
  readonly member: ComponentMember;
  readonly checkpoint: Checkpoint;
}

/** A set whose checkpoints were found to fit together; the weights are still in their files. */
export interface OpenedComponentSet {
  readonly spec: ComponentSetSpec;
  readonly config: Qwen3Config;
  readonly architecture: string;
  readonly base: Checkpoint;
  readonly components: readonly OpenedComponent[];
  /** The tensors to merge, in the order of the base's files. */
  readonly tensors: readonly ExpectedTensor[];
  /** Text of the base's tokenizer.json. */
  readonly tokenizer: string;
  readonly parameters: number;
  /** Bytes of all weight files. */
  readonly bytes: number;
  /** The dtype of the files, "mixed" where they differ. */
  readonly dtype: string;
  readonly warnings: readonly string[];
}

interface Base {
  readonly checkpoint: Checkpoint;
  readonly config: Qwen3Config;
  readonly expected: readonly ExpectedTensor[];
  readonly identity: TokenizerIdentity;
  readonly tokenizer: string;
}

/** Opens base and components and checks that they can be merged. Reads headers and JSON, no weights. */
export async function openSet(
  spec: ComponentSetSpec,
  folders: (member: SetMember) => FolderSource,
  { signal, onProgress }: CallOptions = {},
): Promise<Result<OpenedComponentSet>> {
  const members: SetMember[] = [spec.base, ...spec.components];
  let done = 0;
  const opened = await Promise.all(
    members.map(async (member) => {
      const folder = folders(member);
      const checkpoint = await openCheckpoint(folder, signal);
      const wrong = checkpoint.ok
        ? await checkDeclaredFiles(folder, member, checkpoint.value, signal)
        : checkpoint;
      if (wrong) return wrong;
      onProgress?.({ done: ++done, total: members.length, unit: "checkpoints", what: member.label });
      return checkpoint;
    }),
  );
  if (signal?.aborted) return cancelled();
  const checkpoints: Checkpoint[] = [];
  for (const result of opened) {
    if (!result.ok) return result;
    checkpoints.push(result.value);
  }
  const base = checkBase(checkpoints[0]!);
  if (!base.ok) return base;
  const warnings = [...base.value.warnings];
  const components: OpenedComponent[] = [];
  for (const [i, member] of spec.components.entries()) {
    const checkpoint = checkpoints[i + 1]!;
    const checked = checkComponent(member, checkpoint, base.value);
    if (!checked.ok) return checked;
    warnings.push(...checked.value);
    components.push({ member, checkpoint });
  }
  const { checkpoint, config, expected, tokenizer } = base.value;
  const dtypes = new Set(checkpoints.flatMap((c) => expected.map((t) => c.info(t.name)!.dtype)));
  if (dtypes.size > 1)
    warnings.push(`The checkpoints hold ${[...dtypes].join(" and ")}; everything is merged in float32.`);
  const order = new Map(checkpoint.tensorNames.map((name, i) => [name, i]));
  return ok({
    spec,
    config,
    architecture: "Qwen3ForCausalLM",
    base: checkpoint,
    components,
    tensors: [...expected].sort((a, b) => order.get(a.name)! - order.get(b.name)!),
    tokenizer,
    parameters: expected.reduce((sum, { shape }) => sum + elementsOf(shape), 0),
    bytes: checkpoints.reduce((sum, { bytes }) => sum + bytes, 0),
    dtype: dtypes.size === 1 ? [...dtypes][0]! : "mixed",
    warnings: [...warnings, ...betaWarnings(spec)],
  });
}

function checkBase(checkpoint: Checkpoint): Result<Base & { warnings: string[] }> {
  const config = parseQwen3Config(checkpoint.config, checkpoint.configFile);
  if (!config.ok) return config;
  const expected = expectedTensors(config.value);
  const tensors = checkTensors(checkpoint, expected, config.value);
  if (!tensors.ok) return tensors;
  const file = `${checkpoint.name}/tokenizer.json`;
  const { tokenizer } = checkpoint;
  if (tokenizer === null)
    return fail("bad-set", "the base has no tokenizer.json.", {
      file: checkpoint.name,
      remedy: "Copy the model's tokenizer.json into the folder.",
    });
  const identity = readTokenizer(tokenizer, file);
  if (!identity.ok) return identity;
  if (identity.value.largestId >= config.value.vocabSize)
    return fail(
      "bad-set",
      `has the token id ${identity.value.largestId}, but the model's vocab_size is ${config.value.vocabSize}.`,
      { file, remedy: "Use the tokenizer that the model was trained with." },
    );
  const warnings = tensors.value;
  return ok({ checkpoint, config: config.value, expected, identity: identity.value, tokenizer, warnings });
}

/** Whether a component fits the base; the value lists warnings. */
function checkComponent(member: ComponentMember, checkpoint: Checkpoint, base: Base): Result<string[]> {
  const config = parseQwen3Config(checkpoint.config, checkpoint.configFile);
  if (!config.ok) return config;
  const who = `the component "${member.id}"`;
  const remedy = "Use components that were trained from this base.";
  const difference = configDifference(base.config, config.value);
  if (difference)
    return fail("bad-set", `${who} cannot be merged: ${difference}.`, {
      file: checkpoint.configFile,
      remedy,
    });
  const tensors = checkTensors(checkpoint, base.expected, config.value);
  if (!tensors.ok) return tensors;
  const warnings = tensors.value;
  if (config.value.maxPositions !== base.config.maxPositions)
    warnings.push(
      `${checkpoint.configFile}: max_position_embeddings is ${config.value.maxPositions}, the base's ${base.config.maxPositions}; the base's counts.`,
    );
  if (checkpoint.tokenizer === null)
    warnings.push(`${checkpoint.name} has no tokenizer.json; it is taken to have the base's.`);
  else if (checkpoint.tokenizer !== base.tokenizer) {
    const file = `${checkpoint.name}/tokenizer.json`;
    const identity = readTokenizer(checkpoint.tokenizer, file);
    if (!identity.ok) return identity;
    const other = tokenizerDifference(base.identity, identity.value);
    if (other) return fail("bad-set", `${who} cannot be merged: its tokenizer ${other}.`, { file, remedy });
  }
  return ok(warnings);
}

function betaWarnings(spec: ComponentSetSpec): string[] {
  const warnings: string[] = [];
  if (spec.beta < 0.5)
    warnings.push(`The general share β is ${spec.beta}; below 0.5 merged proxies predict less well.`);
  for (const { id, beta, general } of spec.components)
    if (!general && beta !== spec.beta)
      warnings.push(
        `"${id}" was trained with β = ${beta}, but effective shares are computed with ${spec.beta}.`,
      );
  return warnings;
}
