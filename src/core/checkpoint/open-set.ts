import type { DecoderModel } from "../decoder/decoder-model";
import type { BlockOps } from "../merge/block-ops";
import { fail, ok, type Problem, type Result } from "../result";
import { cancelled, type FolderSource } from "./byte-source";
import { checkDeclaredFiles } from "./checksums";
import type { ComponentMember, ComponentSetSpec, SetMember } from "./component-set";
import { type ExpectedTensor, elementsOf } from "./expected-tensors";
import type { LoraAdapter } from "./lora-adapter";
import { loraCheckpoint } from "./lora-checkpoint";
import { planAdapter } from "./lora-plan";
import type { CallOptions } from "./progress";
import { type CheckedBase, checkBase, checkComponent } from "./set-check";
import { type Checkpoint, type OpenedFolder, openModelOrAdapter } from "./sharded";
import { sharedReads } from "./shared-reads";
import { shorten } from "./strict-json";
import { type ModelBuffer, sameShape, type TiedHead } from "./tensor-roles";

export interface OpenedComponent {
  readonly member: ComponentMember;
  readonly checkpoint: Checkpoint;
}

/** A set whose checkpoints were found to fit together; the weights are still in their files. */
export interface OpenedComponentSet {
  readonly spec: ComponentSetSpec;
  /** What the workbench's own decoder needs; null where it cannot compute this model. */
  readonly decoder: DecoderModel | null;
  /** Why it cannot; null where it can. Merging does not depend on it. */
  readonly undecodable: Problem | null;
  readonly architecture: string;
  readonly base: Checkpoint;
  readonly components: readonly OpenedComponent[];
  /** The tensors to merge, in the order of the base's files. */
  readonly tensors: readonly ExpectedTensor[];
  /** Tensors that are no weights and equal in all members; a merged model has the base's bytes (`base.raw`). */
  readonly buffers: readonly ModelBuffer[];
  /** Output heads that are stored beside the embedding they are tied to; `measureHealth` compares the two. */
  readonly tiedHeads: readonly (TiedHead & { readonly checkpoint: Checkpoint })[];
  /** Text of the base's tokenizer.json; null where it has none. */
  readonly tokenizer: string | null;
  /** Of the tensors to merge. */
  readonly parameters: number;
  /** Bytes of all weight files. */
  readonly bytes: number;
  /** The dtype of the files, "mixed" where they differ. */
  readonly dtype: string;
  readonly warnings: readonly string[];
}

export interface OpenOptions extends CallOptions {
  /** Computes LoRA components when their values are read, within single calls; JavaScript where absent. */
  readonly ops?: BlockOps;
}

/**
 * Opens base and components and checks that they can be merged, whatever their architecture. Reads headers, JSON and
 * buffers, no weights.
 */
export async function openSet(
  spec: ComponentSetSpec,
  folders: (member: SetMember) => FolderSource,
  { signal, onProgress, ops }: OpenOptions = {},
): Promise<Result<OpenedComponentSet>> {
  const members: SetMember[] = [spec.base, ...spec.components];
  let done = 0;
  const opened = await Promise.all(
    members.map(async (member) => {
      const folder = folders(member);
      const opened = await openModelOrAdapter(folder, signal);
      const wrong = opened.ok
        ? await checkDeclaredFiles(folder, member, filesOf(opened.value), signal)
        : opened;
      if (wrong) return wrong;
      onProgress?.({ done: ++done, total: members.length, unit: "checkpoints", what: member.label });
      return opened;
    }),
  );
  if (signal?.aborted) return cancelled();
  const found: OpenedFolder[] = [];
  for (const result of opened) {
    if (!result.ok) return result;
    found.push(result.value);
  }
  const [first] = found;
  if (first?.kind !== "model")
    return fail("bad-set", "the base is a LoRA adapter, which is no model by itself.", {
      file: folders(spec.base).name,
      remedy: "Take as base the model on which the adapters were trained.",
    });
  const checkedBase = checkBase(first.checkpoint);
  if (!checkedBase.ok) return checkedBase;
  const base = checkedBase.value;
  const warnings = [...base.warnings];
  const adapt = adapterOpener(base, ops);
  const components: OpenedComponent[] = [];
  const tiedHeads = base.roles.tied ? [{ ...base.roles.tied, checkpoint: base.checkpoint }] : [];
  for (const [i, member] of spec.components.entries()) {
    const opened = found[i + 1]!;
    const adapted = opened.kind === "model" ? ok(opened.checkpoint) : adapt(opened.adapter, warnings);
    if (!adapted.ok) return adapted;
    const own = adapted.value;
    const checked = checkComponent(`the component "${member.id}"`, own, base);
    if (!checked.ok) return checked;
    const wrong = await checkBuffers(own, base.checkpoint, base.roles.buffers, signal);
    if (wrong) return wrong;
    warnings.push(...checked.value.warnings);
    if (checked.value.roles.tied) tiedHeads.push({ ...checked.value.roles.tied, checkpoint: own });
    components.push({ member, checkpoint: sharingTokenizer(checked.value.checkpoint, base.checkpoint) });
  }
  const tensors = base.roles.weights;
  const all = [base.checkpoint, ...components.map((c) => c.checkpoint)];
  const dtypes = new Set(all.flatMap((c) => tensors.map((t) => c.info(t.name)!.dtype)));
  if (dtypes.size > 1)
    warnings.push(`The checkpoints hold ${[...dtypes].join(" and ")}; everything is merged in float32.`);
  return ok({
    spec,
    decoder: base.decoder,
    undecodable: base.undecodable,
    architecture: architectureOf(base.checkpoint),
    base: base.checkpoint,
    components,
    tensors,
    buffers: base.roles.buffers,
    tiedHeads,
    tokenizer: base.checkpoint.tokenizer,
    parameters: tensors.reduce((sum, { shape }) => sum + elementsOf(shape), 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    dtype: dtypes.size === 1 ? [...dtypes][0]! : "mixed",
    warnings: [...warnings, ...betaWarnings(spec)],
  });
}

const filesOf = (opened: OpenedFolder): Checkpoint["files"] =>
  opened.kind === "model" ? opened.checkpoint.files : opened.adapter.files;

/** Makes checkpoints of adapters; those read the base together. */
function adapterOpener(base: CheckedBase, ops: BlockOps | undefined) {
  const { weights, buffers } = base.roles;
  const names = new Set(weights.map((t) => t.name));
  const all = [...names, ...buffers.map((t) => t.name)];
  const shared = sharedReads(base.checkpoint);
  return (adapter: LoraAdapter, warnings: string[]): Result<Checkpoint> => {
    const plan = planAdapter(adapter, base.checkpoint, names);
    if (!plan.ok) return plan;
    warnings.push(...plan.value.warnings);
    return ok(loraCheckpoint(shared, adapter, plan.value, all, ops));
  };
}

/** Equal tokenizers are held once: each may take tens of megabytes. */
const sharingTokenizer = (own: Checkpoint, base: Checkpoint): Checkpoint =>
  own.tokenizer === base.tokenizer ? { ...own, tokenizer: base.tokenizer } : own;

function architectureOf({ config }: Checkpoint): string {
  const { architectures, model_type: type } = config;
  const [first] = Array.isArray(architectures) ? architectures : [];
  return typeof first === "string" ? first : typeof type === "string" ? type : "unknown architecture";
}

/** Whether a component's buffers are the base's; null where they are. */
async function checkBuffers(
  own: Checkpoint,
  base: Checkpoint,
  buffers: readonly ModelBuffer[],
  signal?: AbortSignal,
): Promise<Result<never> | null> {
  for (const { name, shape, dtype } of buffers) {
    const info = own.info(name);
    const where = {
      file: info?.file ?? own.name,
      tensor: shorten(name),
      remedy: "Use components that were trained from this base.",
    };
    if (!info) return fail("bad-set", "this buffer of the base is missing.", where);
    if (info.dtype !== dtype || !sameShape(info.shape, shape))
      return fail(
        "bad-set",
        `this buffer is ${info.dtype} [${info.shape.join(", ")}], the base's ${dtype} [${shape.join(", ")}].`,
        where,
      );
    const theirs = await base.raw(name, signal);
    if (!theirs.ok) return theirs;
    const mine = await own.raw(name, signal);
    if (!mine.ok) return mine;
    const at = mine.value.findIndex((byte, i) => byte !== theirs.value[i]);
    if (at >= 0)
      return fail(
        "bad-set",
        `this buffer, which holds no weights, differs from the base's at byte ${at}.`,
        where,
      );
  }
  return null;
}

function betaWarnings(spec: ComponentSetSpec): string[] {
  const warnings: string[] = [];
  if (spec.beta < 0.5)
    warnings.push(`The general share β is ${spec.beta}; below 0.5 merged proxies predict less well.`);
  for (const { id, beta, general } of spec.components) {
    if (general || beta === spec.beta) continue;
    warnings.push(
      beta === null
        ? `The general share β of "${id}" is not known; effective shares are computed with ${spec.beta}.`
        : `"${id}" was trained with β = ${beta}, but effective shares are computed with ${spec.beta}.`,
    );
  }
  return warnings;
}
