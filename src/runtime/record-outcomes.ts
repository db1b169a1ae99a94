import type { ItemDetail, ItemOutcome } from "../core/scoring/item-outcome";
import { codePrograms, itemScores } from "../core/scoring/item-scores";
import type { CodeJob, CodeVerdict, RunCode } from "../core/scoring/run-code";
import type { GenerateItem } from "../core/scoring/task";
import type { PlannedItem, ScorePlan } from "./score-plan";

export interface RecordOptions {
  /** Runs generated Python; without it such items have no score on their code. */
  readonly runCode?: RunCode | undefined;
  /** Keep what the model said of every item. */
  readonly details?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** lm-eval's code_eval allows 3 seconds. */
const TIME_LIMIT = 3;
const MEMORY_LIMIT = 256 * 2 ** 20;

/**
 * Turns what the model said of items into their floats of the row. Generated programs run while the model goes on; their
 * items are scored when the verdicts are there.
 */
export class OutcomeRecorder {
  /** Of all items recorded so far, where they are kept. */
  readonly details: ItemDetail[] = [];
  private sent = 0;
  private running = new Set<Promise<void>>();
  private broken: { readonly error: unknown } | null = null;

  constructor(
    private readonly row: Float32Array,
    private readonly plan: ScorePlan,
    private readonly options: RecordOptions,
  ) {}

  record(planned: PlannedItem, outcome: ItemOutcome): void {
    const { spec } = this.plan.layout.tasks[planned.task]!;
    const item = this.plan.taskItems[planned.task]![planned.item]!;
    const programs = codePrograms(spec, item, outcome.texts);
    const { runCode } = this.options;
    if (programs.length === 0 || !runCode) {
      this.write(planned, outcome);
      return;
    }
    const limit = (item as GenerateItem).code?.timeLimit ?? TIME_LIMIT;
    const jobs = programs.map((program) => ({ program, timeLimit: limit, memoryLimit: MEMORY_LIMIT }));
    const run = this.run(planned, outcome, jobs, runCode)
      .catch((error: unknown) => {
        this.broken ??= { error };
      })
      .finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Details that came since this was last asked; undefined where none are kept. */
  takeDetails(): readonly ItemDetail[] | undefined {
    if (!this.options.details) return undefined;
    const fresh = this.details.slice(this.sent);
    this.sent = this.details.length;
    return fresh;
  }

  /** Whether programs still run. */
  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Waits for the programs that still run. */
  async settle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
    if (this.broken) throw this.broken.error;
  }

  private async run(
    planned: PlannedItem,
    outcome: ItemOutcome,
    jobs: readonly CodeJob[],
    runCode: RunCode,
  ): Promise<void> {
    const verdicts: CodeVerdict[] = [];
    for (const job of jobs) {
      const verdict = await runCode(job, this.options.signal);
      if (!verdict) return;
      verdicts.push(verdict);
    }
    this.write(planned, outcome, verdicts);
  }

  private write(planned: PlannedItem, outcome: ItemOutcome, verdicts?: readonly CodeVerdict[]): void {
    const { task, item, at } = planned;
    const layout = this.plan.layout.tasks[task]!;
    this.row.set(itemScores(layout, item, this.plan.taskItems[task]![item]!, outcome, verdicts), at);
    if (!this.options.details) return;
    this.details.push({ task, item, greedy: [...outcome.greedy], texts: outcome.texts });
  }
}
