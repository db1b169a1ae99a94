import { ok, type Result } from "../../core/result";
import type { ItemOutcome } from "../../core/scoring/item-outcome";
import type { PlannedItem, ScorePlan } from "../score-plan";
import { countScored, type ScoreOptions, type ScoreOutcome } from "../scorer";
import { activationStore } from "./activation-store";
import { passSizes, planPasses } from "./plan-passes";
import { scorePass } from "./score-pass";
import type { OpenScratch } from "./scratch-file";
import type { StreamedModel } from "./streamed-model";

export interface StreamOptions extends ScoreOptions {
  readonly openScratch: OpenScratch;
  /** Bytes that are read of all members for every pass. */
  readonly passBytes: number;
  /** Bytes of hidden states in memory; what is beyond them is spilled. */
  readonly activationBytes?: number;
  /** Told how far the pass is, in steps of its own. */
  readonly onStep?: (done: number, total: number) => void;
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
  record: (item: PlannedItem, outcome: ItemOutcome) => void,
  options: StreamOptions,
): Promise<Result<ScoreOutcome>> {
  const { signal, onUpdate, onStep } = options;
  const started = performance.now();
  const { backend, model: decoder } = model.session;
  const asked = plan.slices.flat().slice(0, options.limit ?? plan.items);
  const todo = asked.filter(({ at }) => Number.isNaN(row[at]!));
  const sizes = passSizes({
    bytes: options.passBytes,
    parameters: decoder.parameters,
    gpu: backend.device !== null,
  });
  const first = options.firstPass ?? sizes.first;
  let tokens = 0;
  for (const items of planPasses(todo, itemTokens, { ...sizes, first })) {
    const store = activationStore(options.activationBytes ?? ACTIVATION_BYTES, options.openScratch);
    const pass = await scorePass(model, items, store, {
      signal,
      onStep,
      batchTokens: options.batchTokens ?? batchTokens(model),
      headTargets: Math.max(1, Math.floor(LOGITS / model.headRows)),
    }).finally(() => store.close());
    if (!pass.ok) {
      if (pass.problem.kind === "cancelled") return ok({ complete: false, tokens });
      return pass;
    }
    tokens += pass.value.tokens;
    for (const [i, item] of items.entries()) record(item, pass.value.outcomes[i]!);
    const seconds = (performance.now() - started) / 1000;
    onUpdate?.({ scores: row.slice(), done: countScored(plan, row), total: plan.items, seconds });
  }
  return ok({ complete: countScored(plan, row) === plan.items, tokens });
}

const itemTokens = ({ trees }: PlannedItem): number => trees.reduce((n, tree) => n + tree.tokens.length, 0);

function batchTokens({ session }: StreamedModel): number {
  const { backend, model } = session;
  const layer = model.parts.layerWeights(0).reduce((n, { shape }) => n + shape.reduce((a, b) => a * b, 1), 0);
  const work = RUN_WORK[backend.device ? "gpu" : "cpu"];
  return Math.max(64, Math.min(MOST_TOKENS, Math.floor(work / layer)));
}
