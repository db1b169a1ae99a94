import { ok, type Result } from "../../core/result";
import { generationJobs } from "../../core/scoring/generation";
import type { MeasureUpdate } from "../../protocol/engine-protocol";
import type { Backend } from "../backend";
import { OutcomeRecorder, type RecordOptions } from "../record-outcomes";
import type { PlannedItem, ScorePlan } from "../score-plan";
import { countScored, type ScoreOutcome } from "../scorer";
import { activationStore } from "./activation-store";
import { passSizes, planPasses } from "./plan-passes";
import { scorePass } from "./score-pass";
import type { OpenScratch } from "./scratch-file";
import { generateTexts } from "./streamed-generation";
import type { StreamedModel } from "./streamed-model";

export interface StreamOptions extends RecordOptions {
  readonly limit?: number | undefined;
  readonly onUpdate?: ((update: MeasureUpdate) => void) | undefined;
  readonly openScratch: OpenScratch;
  /** Bytes that are read of all members for every pass. */
  readonly passBytes: number;
  /** Bytes of hidden states in memory; what is beyond them is spilled. */
  readonly activationBytes?: number;
  /** Tokens in one run of a block; no score depends on it. */
  readonly batchTokens?: number;
  /** Tokens of the first pass at least; a measure of costs decides where absent. */
  readonly firstPass?: number;
}

const ACTIVATION_BYTES = 256 * 2 ** 20;
/** Multiplications of one run of a block: enough to make feeding its weights cheap, few enough to stop soon. */
const RUN_WORK = { cpu: 1.2e10, gpu: 1e11 };
const MOST_TOKENS = 2048;
/** Floats of logits in one run of the head. */
const LOGITS = 2 ** 22;

/**
 * Scores the plan's items into `row` as `scoreInto` does, layer by layer, in few passes over all weights. A stop or a failure
 * loses the pass that it falls into.
 */
export async function scoreStreamed(
  row: Float32Array,
  model: StreamedModel,
  plan: ScorePlan,
  options: StreamOptions,
): Promise<Result<ScoreOutcome>> {
  const { signal, onUpdate } = options;
  const recorder = new OutcomeRecorder(row, plan, options);
  const started = performance.now();
  const { backend, model: decoder } = model.session;
  const asked = plan.slices.flat().slice(0, options.limit ?? plan.items);
  const todo = asked.filter(({ at }) => Number.isNaN(row[at]!));
  const sizes = passSizes({
    bytes: options.passBytes,
    parameters: decoder.parameters,
    gpu: isGpu(backend),
  });
  const update = (more: Partial<MeasureUpdate>) =>
    onUpdate?.({
      scores: row.slice(),
      done: countScored(plan, row),
      total: plan.items,
      seconds: (performance.now() - started) / 1000,
      ...more,
    });
  const passes = planPasses(todo, itemTokens, { ...sizes, first: options.firstPass ?? sizes.first });
  let tokens = 0;
  const outcome = (): ScoreOutcome => ({
    complete: countScored(plan, row) === plan.items,
    tokens,
    ...(options.details && { details: recorder.details }),
  });
  for (const [p, items] of passes.entries()) {
    const what = `${items.length} items, pass ${p + 1} of ${passes.length}`;
    const store = activationStore(options.activationBytes ?? ACTIVATION_BYTES, options.openScratch);
    const pass = await scorePass(model, items, store, {
      signal,
      onStep: (done, total) => update({ progress: { done, total, unit: "steps", what } }),
      batchTokens: options.batchTokens ?? batchTokens(model),
      headTargets: Math.max(1, Math.floor(LOGITS / model.headRows)),
    }).finally(() => store.close());
    const texts = pass.ok ? await generateAll(model, plan, items, signal) : pass;
    if (!pass.ok || !texts.ok) {
      const { problem } = pass.ok ? (texts as Extract<typeof texts, { ok: false }>) : pass;
      return problem.kind === "cancelled" ? ok(outcome()) : { ok: false, problem };
    }
    tokens += pass.value.tokens + texts.value.tokens;
    for (const [i, item] of items.entries())
      recorder.record(item, { ...pass.value.outcomes[i]!, texts: texts.value.texts[i]! });
    await recorder.settle();
    if (signal?.aborted) break;
    const details = recorder.takeDetails();
    update(details ? { details } : {});
  }
  return ok(outcome());
}

/** An emulated GPU is a slow CPU. */
const isGpu = ({ device, emulated }: Backend): boolean => device !== null && !emulated;

const itemTokens = ({ trees }: PlannedItem): number => trees.reduce((n, tree) => n + tree.tokens.length, 0);

interface Texts {
  /** Of each item. */
  readonly texts: readonly (readonly string[])[];
  readonly tokens: number;
}

async function generateAll(
  model: StreamedModel,
  plan: ScorePlan,
  items: readonly PlannedItem[],
  signal?: AbortSignal,
): Promise<Result<Texts>> {
  const owners: number[] = [];
  const jobs = items.flatMap(({ task, item, generate }, i) => {
    const own = generate ? generationJobs(generate, plan.layout.tasks[task]!.spec.id, item) : [];
    owners.push(...own.map(() => i));
    return own;
  });
  if (jobs.length === 0) return ok({ texts: items.map(() => []), tokens: 0 });
  const generated = await generateTexts(model, jobs, plan.tokenizer, signal);
  if (!generated.ok) return generated;
  const texts = items.map((_, i) =>
    generated.value.flatMap(({ text }, job) => (owners[job] === i ? [text ?? ""] : [])),
  );
  const tokens = generated.value.reduce((n, g) => n + g.request.prompt.length + g.tokens.length - 1, 0);
  return ok({ texts, tokens });
}

function batchTokens({ session }: StreamedModel): number {
  const { backend, model } = session;
  const layer = model.parts.layerWeights(0).reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0);
  const work = RUN_WORK[isGpu(backend) ? "gpu" : "cpu"];
  return Math.max(64, Math.min(MOST_TOKENS, Math.floor(work / layer)));
}
