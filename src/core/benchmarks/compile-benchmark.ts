import { sha256 } from "../canonical";
import { fail, ok, type Result } from "../result";
import type { GenerateItem, Item, ScoringMode, TaskSpec } from "../scoring/task";
import type { CompiledTask } from "../tasks/compile-tasks";
import { isLeftOut, type TaskRules } from "./benchmark";
import { chooseShots } from "./choose-shots";
import { type LeftOutRow, leftOutRows } from "./left-out";
import { MODES } from "./modes";
import type { RecognisedTask } from "./recognise";

export interface BenchmarkOptions {
  /** "lm-eval" when absent. */
  readonly mode?: ScoringMode;
  /** Shots instead of lm-eval's number. */
  readonly shots?: number;
  /** Tokens that may be generated, instead of the benchmark's limit. */
  readonly maxGenToks?: number;
  /** Items to take from the start; all when absent. */
  readonly limit?: number;
  /** Domain that the task counts for, instead of the paper's. */
  readonly domain?: string;
}

/** A recognised benchmark → its task. Rows without a right answer are left out and counted in the notes, never silently. */
export async function compileBenchmark(
  task: RecognisedTask,
  options: BenchmarkOptions = {},
): Promise<Result<CompiledTask>> {
  const { benchmark } = task;
  const { mode = "lm-eval", maxGenToks, limit = Number.POSITIVE_INFINITY } = options;
  const file = task.files[0]!;
  if (!benchmark.modes.includes(mode))
    return fail("bad-task", `${benchmark.label} is not scored in ${MODES[mode].label} here.`, {
      file,
      remedy: "Choose lm-eval's mode.",
    });
  const shots = mode === "lm-eval" ? await chooseShots(task, options.shots) : null;
  const items: Item[] = [];
  const lost: LeftOutRow[] = [];
  for (const [i, row] of task.rows.slice(0, limit).entries()) {
    const shown = shots?.next() ?? [];
    const item = benchmark.item(row, { mode, shots: shown, ...(maxGenToks && { maxGenToks }) });
    if (isLeftOut(item)) lost.push({ row: i + 1, reason: item.leftOut });
    else items.push(item);
  }
  const notes = leftOutRows(lost);
  if (items.length === 0)
    return fail("bad-task", `none of its ${task.rows.length} rows can be scored. ${notes.join(" ")}`, {
      file,
      remedy: "Choose a file with the right answers, the validation file for instance.",
    });
  const itemsText = JSON.stringify({
    format: "demix-items",
    version: 2,
    task: benchmark.id + SUFFIX[mode],
    items,
  });
  const spec = specOf(task, items, shots?.number ?? 0, await sha256(itemsText), { ...options, mode });
  const said = [...task.warnings, ...(shots?.warnings ?? []), ...notes, ...MODES[mode].notes(benchmark.id)];
  return ok({ spec, items, itemsText, notes: said });
}

const SUFFIX: Readonly<Record<ScoringMode, string>> = {
  "lm-eval": "",
  "opencompass-ppl": "_ppl",
  "opencompass-gen": "_gen",
};

function specOf(
  { benchmark }: RecognisedTask,
  items: readonly Item[],
  nShot: number,
  itemsSha256: string,
  { mode, domain }: BenchmarkOptions & { readonly mode: ScoringMode },
): TaskSpec {
  const id = benchmark.id + SUFFIX[mode];
  const rules = benchmark.rules(mode);
  const detail = mode !== "lm-eval" ? MODES[mode].label : benchmark.shots > 0 ? `${nShot}-shot` : "";
  return {
    id,
    label: detail ? `${benchmark.label}, ${detail}` : benchmark.label,
    domain: domain ?? benchmark.domain,
    ...rules,
    about: `${benchmark.reports} Licence of the items: ${benchmark.licence}.`,
    itemsFile: `items/${id}.json`,
    itemsSha256,
    items: items.length,
    mode,
    origin: {
      task: id,
      version: benchmark.version,
      nShot,
      config: configOf(id, rules, items[0]!, nShot, benchmark.version),
    },
  };
}

/** The parts of lm-eval's configuration that the task's items were made by. */
function configOf(
  task: string,
  rules: TaskRules,
  item: Item,
  nShot: number,
  version: number,
): Readonly<Record<string, unknown>> {
  const generated = item as GenerateItem;
  return {
    task,
    output_type: rules.outputType,
    num_fewshot: nShot,
    metric_list: rules.metrics.map((use) => ({
      metric: use.name ?? use.metric,
      ...(use.higherIsBetter !== undefined && { higher_is_better: use.higherIsBetter }),
    })),
    ...(rules.outputType === "generate_until" && {
      generation_kwargs: {
        until: generated.until,
        max_gen_toks: generated.maxGenToks,
        do_sample: false,
      },
    }),
    metadata: { version },
  };
}
