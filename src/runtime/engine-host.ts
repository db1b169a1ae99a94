import { type CheckpointSummary, summarise } from "../core/checkpoint/checkpoint-summary";
import type { SetInfo } from "../core/checkpoint/component-set";
import { setHasher } from "../core/checkpoint/hasher";
import type { OutputFolder } from "../core/checkpoint/model-writer";
import type { CallOptions } from "../core/checkpoint/progress";
import { openModelOrAdapter } from "../core/checkpoint/sharded";
import type { DecoderModel } from "../core/decoder/decoder-model";
import { loadKernel } from "../core/kernel/load-kernel";
import type { BlockOps } from "../core/merge/block-ops";
import { LINEAR, resolveChoice } from "../core/merge/merge-choice";
import type { TensorReader } from "../core/merge/merge-plan";
import { isMixture } from "../core/mixture/mixture";
import { fail, ok, type Result } from "../core/result";
import { generationJobs } from "../core/scoring/generation";
import type { ItemDetail } from "../core/scoring/item-outcome";
import { itemRequests, requestOptions } from "../core/scoring/requests";
import type { RunCode } from "../core/scoring/run-code";
import type { Item, TaskSetLayout, TaskSpec } from "../core/scoring/task";
import type {
  BackendInfo,
  MeasureOutcome,
  MeasureRequest,
  MeasureUpdate,
  OpenedSet,
  SetReference,
  StartOptions,
  WriteOutcome,
  WriteRequest,
} from "../protocol/engine-protocol";
import type { FolderRef } from "../protocol/folder-ref";
import type { ItemMeasurement, ItemMeasureRequest, ItemPreview, TaskBundle } from "../protocol/task-protocol";
import { type Backend, DeviceLost } from "./backend";
import { chooseThreads } from "./choose-threads";
import { DecoderSession } from "./decoder-session";
import { measureItem } from "./measure-item";
import { openWeightBank } from "./open-bank";
import type { Platform } from "./ort";
import { previewItem } from "./preview-item";
import { RunQueue } from "./run-queue";
import { countScored, emptyRow, type ScoreOutcome, scoreInto } from "./scorer";
import { checkSet, type LoadedSet, loadSet, type Scoring, scoringOf } from "./set-loader";
import { startBackend } from "./start-backend";
import { isStreamed } from "./streamed/choose-execution";
import { streamedItem } from "./streamed/streamed-item";
import { StreamedModel } from "./streamed/streamed-model";
import { scoreStreamed } from "./streamed/streamed-scorer";
import { StreamedSession } from "./streamed/streamed-session";
import { streamedSubject } from "./streamed/streamed-subject";
import type { WeightBank } from "./weight-bank";
import { writeSet } from "./write-set";

/** What to score: a subject of the set, or any weights of its shape. */
export type Scorable =
  | MeasureRequest["subject"]
  | { readonly kind: "weights"; readonly reader: TensorReader };

export interface HostRequest extends Omit<MeasureRequest, "subject"> {
  readonly subject: Scorable;
}

export interface HostCall {
  readonly signal?: AbortSignal | undefined;
  readonly onUpdate?: ((update: MeasureUpdate) => void) | undefined;
}

/** Sessions of the open set on the current backend, and its weights where they fit. */
type Ready =
  | { readonly kind: "whole"; readonly session: DecoderSession; readonly bank: WeightBank }
  | { readonly kind: "streamed"; readonly session: StreamedSession };

const MOST_RESTARTS = 2;

const noSet = (): Result<never> =>
  fail("bad-set", "no set is open.", { remedy: "Open a component set first." });

/**
 * Owns backend, set, sessions and weights; the same in the browser's worker and in Node. Calls are queued, and any call
 * may be repeated after any failure.
 */
export class EngineHost {
  private readonly queue = new RunQueue();
  private backend: Backend | null = null;
  /** As the backend was opened, and as it is used for the open set. */
  private openedInfo: BackendInfo | null = null;
  private info: BackendInfo | null = null;
  private options: StartOptions = { backend: "auto" };
  private set: LoadedSet | null = null;
  /** The set's own tasks, while others are scored. */
  private ownScoring: Scoring | null = null;
  private ready: Ready | null = null;
  private blockOps: Promise<BlockOps> | null = null;
  /** Runs generated Python; null where nobody offered to. */
  private runCode: RunCode | null = null;

  constructor(
    private readonly platform: Platform,
    /** Told when the engine went on with another device or backend, and why. */
    private readonly onRestart: (why: string, info: BackendInfo) => void = () => undefined,
  ) {}

  start(options: StartOptions): Promise<Result<BackendInfo>> {
    return this.queue.add(async () => {
      await this.dropBackend();
      this.options = options;
      return this.open([]);
    });
  }

  /** What a folder holds, before it is a member of a set; waits for no other call. */
  async inspect(ref: FolderRef, signal?: AbortSignal): Promise<Result<CheckpointSummary>> {
    const folder = this.platform.openFolder(ref);
    try {
      const opened = await openModelOrAdapter(folder, signal);
      return opened.ok ? ok(summarise(opened.value)) : opened;
    } finally {
      folder.close();
    }
  }

  openSet(reference: SetReference, options: CallOptions = {}): Promise<Result<OpenedSet>> {
    return this.queue.add(async () => {
      const running = this.info ? ok(this.info) : await this.open([]);
      if (!running.ok) return running;
      const { execution } = this.options;
      const loaded = await loadSet(this.platform, reference, await this.ops(), {
        ...options,
        ...(execution && { execution }),
      });
      if (!loaded.ok) return loaded;
      await this.dropReady();
      this.set?.close();
      this.set = loaded.value;
      this.ownScoring = loaded.value.scoring;
      const { info, scoring, unscored } = loaded.value;
      const ready = scoring && (await this.prepare(scoring));
      const resident = ready?.kind === "whole" ? ready.bank.residentBytes : 0;
      return ok({
        set: { ...info, residentBytes: info.residentBytes + resident },
        tasks: scoring?.plan.layout ?? null,
        unscored,
        streamed: ready?.kind === "streamed",
        backend: this.info ?? running.value,
      });
    });
  }

  /** Reads all weights of the open set once. */
  checkHealth(options: CallOptions = {}): Promise<Result<SetInfo>> {
    return this.queue.add(async () => {
      const { set } = this;
      if (!set) return noSet();
      const checked = await checkSet(set, await this.ops(), options);
      if (!checked.ok) return checked;
      if (this.set === set) this.set = checked.value;
      return ok(checked.value.info);
    });
  }

  /** Merges the open set's components and writes the model to `out`. */
  write(
    request: Omit<WriteRequest, "target">,
    out: OutputFolder,
    options: CallOptions = {},
  ): Promise<Result<WriteOutcome>> {
    return this.queue.add(async () => {
      const { set } = this;
      if (!set) return noSet();
      const started = performance.now();
      const files = await writeSet(set, request, out, { ops: await this.ops(), ...options });
      if (!files.ok) return files;
      return ok({ files: files.value, seconds: (performance.now() - started) / 1000 });
    });
  }

  /** The open set is scored on these tasks from now on; null stands for its own. A refusal changes nothing. */
  setTasks(tasks: TaskBundle | null): Promise<Result<TaskSetLayout>> {
    return this.queue.add(async () => {
      const { set, ownScoring: own } = this;
      if (!set) return noSet();
      if (!set.scorable || (!tasks && !own)) return { ok: false, problem: set.unscored! };
      const scoring = tasks ? await scoringOf(set.scorable, tasks) : ok(own!);
      if (!scoring.ok) return scoring;
      this.set = { ...set, scoring: scoring.value };
      return ok(scoring.value.plan.layout);
    });
  }

  /** Exactly what is asked of the model for an item; waits for no other call. */
  async previewItem(task: number, item: number): Promise<Result<ItemPreview>> {
    const found = this.findItem(task, item);
    if (!found.ok) return found;
    const { scoring, spec, value } = found.value;
    return ok(previewItem(value, spec, scoring.tokenizer, scoring.maxLength));
  }

  /** Asks one item alone, token by token. */
  measureItem(request: ItemMeasureRequest, signal?: AbortSignal): Promise<Result<ItemMeasurement>> {
    return this.queue.add(() => this.measureItemNow(request, signal));
  }

  measure(request: HostRequest, call: HostCall = {}): Promise<Result<MeasureOutcome>> {
    return this.queue.add(() => this.measureNow(request, call));
  }

  /** Tells who runs the Python that tasks ask for. */
  setRunCode(runCode: RunCode): void {
    this.runCode = runCode;
  }

  /** Destroys the GPU device as a driver crash would; for tests. */
  loseDevice(): void {
    this.backend?.device?.destroy();
  }

  async close(): Promise<void> {
    await this.queue.add(() => this.dropBackend());
  }

  private findItem(task: number, item: number): Result<{ scoring: Scoring; spec: TaskSpec; value: Item }> {
    const { set } = this;
    if (!set) return noSet();
    const { scoring } = set;
    if (!scoring) return { ok: false, problem: set.unscored! };
    const spec = scoring.bundle.spec.tasks[task];
    const value = scoring.bundle.items[task]?.[item];
    if (!spec || !value)
      return fail("bad-task", `there is no item ${item} of a task ${task}.`, {
        remedy: "Choose an item of the tasks that are scored now.",
      });
    return ok({ scoring, spec, value });
  }

  private async measureItemNow(
    { task, item, ...request }: ItemMeasureRequest,
    signal: AbortSignal | undefined,
  ): Promise<Result<ItemMeasurement>> {
    const found = this.findItem(task, item);
    if (!found.ok) return found;
    const { scoring, spec, value } = found.value;
    const { tokenizer, maxLength } = scoring;
    try {
      const running = this.info ? ok(this.info) : await this.open([]);
      if (!running.ok) return running;
      const ready = await this.prepare(scoring);
      const asked = itemRequests(value, spec.outputType, tokenizer, maxLength, requestOptions(spec));
      if (ready.kind === "streamed") {
        const model = await this.streamedModel(ready.session, this.set!, request);
        if (!model.ok) return model;
        const { openScratch } = this.platform;
        const jobs = asked.generate ? generationJobs(asked.generate, spec.id, item) : [];
        const options = { tokenizer, openScratch, signal, jobs };
        return await streamedItem(model.value, asked, options).finally(() => model.value.close());
      }
      const { session, bank } = ready;
      const merged = await this.fill(bank, this.set!, request, signal);
      if (!merged.ok) return merged;
      const measured = await measureItem(
        asked,
        session,
        bank.feeds,
        tokenizer,
        { task: spec.id, item },
        signal,
      );
      return measured ? ok(measured) : fail("cancelled", "the item was cancelled.");
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof DeviceLost) await this.recover(why);
      else await this.dropReady();
      return fail("backend", `the item was not scored: ${why.slice(0, 300)}.`, { remedy: "Try again." });
    }
  }

  private async measureNow(
    request: HostRequest,
    { signal, onUpdate }: HostCall,
  ): Promise<Result<MeasureOutcome>> {
    const { set } = this;
    if (!set) return noSet();
    const { scoring } = set;
    if (!scoring) return { ok: false, problem: set.unscored! };
    const { plan } = scoring;
    const { subject, known, limit } = request;
    const parts = set.components.length;
    if (subject.kind === "mixture" && !isMixture(subject.alpha, parts))
      return fail("bad-recipe", `the mixture is no point of the simplex of ${parts} components.`, {
        remedy: "Give one share per component, each at least 0, that sum to 1.",
      });
    if (known && known.length !== plan.layout.floats)
      return fail("bad-task", "the known item scores belong to other tasks.", { remedy: "Measure anew." });
    const row = known ? known.slice() : emptyRow(plan);
    const started = performance.now();
    let tokens = 0;
    /** Details from before a device was lost, which the row keeps the scores of. */
    const kept: ItemDetail[] = [];
    for (let restarts = 0; ; restarts++) {
      const seen: ItemDetail[] = [];
      try {
        if (signal?.aborted) return this.outcome(plan, row, false, tokens, started);
        const running = this.info ? ok(this.info) : await this.open([]);
        if (!running.ok) return running;
        const ready = await this.prepare(scoring);
        if (ready.kind === "streamed") {
          const scored = await this.measureStreamed(row, ready.session, set, scoring, request, {
            signal,
            onUpdate,
          });
          if (!scored.ok) return scored;
          tokens += scored.value.tokens;
          return this.outcome(plan, row, scored.value.complete, tokens, started, scored.value.details);
        }
        const { session, bank } = ready;
        const merged = await this.fill(bank, set, request, signal);
        if (!merged.ok) {
          if (merged.problem.kind !== "cancelled") return merged;
          return this.outcome(plan, row, false, tokens, started);
        }
        const scored = await scoreInto(row, session, bank.feeds, plan, {
          limit,
          signal,
          onUpdate: (update) => {
            seen.push(...(update.details ?? []));
            onUpdate?.(update);
          },
          ...(this.runCode && { runCode: this.runCode }),
          ...(request.details && { details: true }),
        });
        tokens += scored.tokens;
        const details = scored.details && [...kept, ...scored.details];
        return this.outcome(plan, row, scored.complete, tokens, started, details);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        if (!(error instanceof DeviceLost)) await this.dropReady();
        if (!(error instanceof DeviceLost) || restarts >= MOST_RESTARTS)
          return fail("backend", `the measurement stopped: ${why.slice(0, 300)}.`, {
            remedy: "Measure again; what is scored is kept.",
          });
        kept.push(...seen);
        const reopened = await this.recover(why);
        if (!reopened.ok) return reopened;
      }
    }
  }

  private async measureStreamed(
    row: Float32Array,
    session: StreamedSession,
    set: LoadedSet,
    { plan }: Scoring,
    request: HostRequest,
    call: HostCall,
  ): Promise<Result<ScoreOutcome>> {
    const model = await this.streamedModel(session, set, request);
    if (!model.ok) return model;
    const { limit, details = false } = request;
    return scoreStreamed(row, model.value, plan, {
      limit,
      details,
      passBytes: model.value.passBytes,
      openScratch: this.platform.openScratch,
      ...call,
      ...(this.runCode && { runCode: this.runCode }),
    }).finally(() => model.value.close());
  }

  private async streamedModel(
    session: StreamedSession,
    set: LoadedSet,
    { subject, method }: Pick<HostRequest, "subject" | "method">,
  ): Promise<Result<StreamedModel>> {
    const found = streamedSubject(set, subject, method, await this.ops());
    return found.ok ? ok(new StreamedModel(session, found.value, this.platform.openScratch)) : found;
  }

  private outcome(
    plan: Scoring["plan"],
    row: Float32Array,
    complete: boolean,
    tokens: number,
    started: number,
    details?: readonly ItemDetail[],
  ): Result<MeasureOutcome> {
    return ok({
      scores: row.slice(),
      done: countScored(plan, row),
      total: plan.items,
      seconds: (performance.now() - started) / 1000,
      complete,
      backend: this.info?.kind ?? "wasm",
      tokens,
      ...(details && { details }),
      warnings: this.set?.scoring?.warnings ?? [],
    });
  }

  private async fill(
    bank: WeightBank,
    { base, components }: LoadedSet,
    { subject, method = LINEAR }: HostRequest,
    signal: AbortSignal | undefined,
  ): Promise<Result<null>> {
    switch (subject.kind) {
      case "base":
        return bank.load(base, signal);
      case "mixture": {
        const choice = resolveChoice(method, components.length);
        if (!choice.ok) return choice;
        return bank.merge({ choice: choice.value, weights: subject.alpha }, signal);
      }
      case "weights":
        return bank.load(subject.reader, signal);
    }
  }

  /** Block arithmetic, loaded when first needed, and with it the fastest hasher. */
  private ops(): Promise<BlockOps> {
    this.blockOps ??= this.platform.loadHasher().then((hasher) => {
      setHasher(hasher);
      return loadKernel();
    });
    return this.blockOps;
  }

  private async open(before: readonly string[]): Promise<Result<BackendInfo>> {
    const started = await startBackend(this.platform, this.options, before);
    if (!started.ok) return started;
    this.backend = started.value.backend;
    this.openedInfo = started.value.info;
    this.info = started.value.info;
    return ok(this.info);
  }

  private async prepare(scoring: Scoring): Promise<Ready> {
    if (this.ready) return this.ready;
    const { backend, set } = this;
    if (!backend || !set) throw new Error("EngineHost: not started");
    const { base, components } = set;
    if (isStreamed(scoring.model.parameters, this.options.execution)) {
      this.ready = { kind: "streamed", session: await StreamedSession.open(backend, scoring.model) };
      return this.ready;
    }
    const inputs = scoring.model.weights;
    const bank = openWeightBank(backend, { inputs, base, components, ops: await this.ops() });
    const session = await this.openSession(backend, scoring.model, bank);
    this.ready = { kind: "whole", session, bank };
    return this.ready;
  }

  /** Where the user left the choice to the engine, with as many threads as are fastest. */
  private async openSession(
    backend: Backend,
    model: DecoderModel,
    bank: WeightBank,
  ): Promise<DecoderSession> {
    const opened = this.openedInfo;
    if (this.options.backend !== "auto" || !opened) return DecoderSession.open(backend, model);
    const { session, threads, why } = await chooseThreads(backend, model, bank.feeds);
    if (why) this.info = { ...opened, threads, reason: `${opened.reason} ${why}` };
    return session;
  }

  /** After a lost device: once more with a new one, else without. */
  private async recover(why: string): Promise<Result<BackendInfo>> {
    await this.dropBackend();
    const reopened = await this.open([`After ${why}, the engine started again.`]);
    if (reopened.ok) this.onRestart(`${why}; the engine goes on with ${reopened.value.kind}`, reopened.value);
    return reopened;
  }

  private async dropReady(): Promise<void> {
    const { ready } = this;
    this.ready = null;
    if (!ready) return;
    try {
      if (ready.kind === "whole") ready.bank.close();
      await ready.session.close();
    } catch {
      // A broken session cannot be released; it goes with its module.
    }
  }

  private async dropBackend(): Promise<void> {
    await this.dropReady();
    this.backend?.close();
    this.backend = null;
    this.info = null;
  }
}
