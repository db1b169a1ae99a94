import { prepareTasks } from "../src/core/scoring/layout";
import { paddingShare } from "../src/core/scoring/pack";
import type { ChoiceItem, TaskSpec } from "../src/core/scoring/task";
import type { TextTokenizer } from "../src/core/scoring/tokenizer";
import type { DecoderSession } from "../src/runtime/decoder-session";
import type { Feeds } from "../src/runtime/ort";
import { packedSlices } from "../src/runtime/packed-slices";
import { planScoring, type ScorePlan } from "../src/runtime/score-plan";
import { batchLimits, emptyRow, scoreInto } from "../src/runtime/scorer";

export type ChoiceFile = Readonly<Record<string, readonly ChoiceItem[]>>;

export interface ChoiceTimes {
  readonly items: number;
  readonly seconds: number;
  /** Tokenising, before the first measurement of the task. */
  readonly preparing: number;
  readonly tokens: number;
  /** Padding as a share of the tokens computed. */
  readonly padding: number;
  readonly acc: number;
}

/** Measures tasks of choice items; what no mixture changes is prepared once a task. */
export function choiceMeasure(
  sets: ChoiceFile,
  session: DecoderSession,
  weights: Feeds,
  tokenizer: TextTokenizer,
): (name: string) => Promise<ChoiceTimes> {
  const plans = new Map<string, { plan: ScorePlan; preparing: number }>();
  return async (name) => {
    const items = sets[name]!;
    if (!plans.has(name)) {
      const started = performance.now();
      const plan = await planOf(name, items, tokenizer, session.model.maxLength);
      plans.set(name, { plan, preparing: (performance.now() - started) / 1000 });
    }
    const { plan, preparing } = plans.get(name)!;
    const row = emptyRow(plan);
    const started = performance.now();
    const { tokens, complete } = await scoreInto(row, session, weights, plan, {});
    const seconds = (performance.now() - started) / 1000;
    if (!complete) throw new Error(`${name} was not scored whole`);
    const width = plan.layout.tasks[0]!.block.width;
    const right = items.filter(({ gold }, i) => {
      const own = [...row.subarray(i * width, (i + 1) * width)].map((v) => (Number.isNaN(v) ? -Infinity : v));
      return own.indexOf(Math.max(...own)) === gold;
    });
    const packed = packedSlices(plan, batchLimits(session));
    const batches = plan.slices.flatMap((slice, s) => packed.of(s, slice).map(({ batch }) => batch));
    const acc = right.length / items.length;
    return { items: items.length, seconds, preparing, tokens, padding: paddingShare(batches), acc };
  };
}

async function planOf(
  name: string,
  items: readonly ChoiceItem[],
  tokenizer: TextTokenizer,
  maxLength: number,
): Promise<ScorePlan> {
  const spec: TaskSpec = {
    id: name,
    label: name,
    domain: "all",
    outputType: "multiple_choice",
    accuracyMetric: "acc",
    continuousMetric: "gold_ll",
    about: "",
    itemsFile: "",
    itemsSha256: "",
    items: items.length,
  };
  const domains = [{ id: "all", label: "All" }];
  const set = { format: "demix-tasks" as const, version: 2 as const, name, domains, tasks: [spec] };
  const prepared = await prepareTasks(set, [items], tokenizer, maxLength);
  if (!prepared.ok) throw new Error(prepared.problem.message);
  return planScoring(prepared.value, [items], tokenizer);
}
