import type { CallOptions } from "../core/checkpoint/progress";
import { qwen3Weights } from "../core/decoder/qwen3";
import type { TensorReader } from "../core/merge/merge-plan";
import { isMixture } from "../core/mixture/mixture";
import { fail, ok, type Result } from "../core/result";
import type {
  BackendInfo,
  MeasureOutcome,
  MeasureRequest,
  MeasureUpdate,
  OpenedSet,
  StartOptions,
} from "../protocol/engine-protocol";
import { type Backend, DeviceLost } from "./backend";
import { chooseThreads } from "./choose-threads";
import { DecoderSession } from "./decoder-session";
import { openWeightBank } from "./open-bank";
import type { Platform } from "./ort";
import { RunQueue } from "./run-queue";
import { countScored, emptyRow, scoreInto } from "./scorer";
import { type LoadedSet, loadSet } from "./set-loader";
import { startBackend } from "./start-backend";
import type { WeightBank } from "./weight-bank";

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

/** Sessions and weights of the open set on the current backend. */
interface Ready {
  readonly session: DecoderSession;
  readonly bank: WeightBank;
}

const MOST_RESTARTS = 2;

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
  private ready: Ready | null = null;

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

  openSet(setUrl: string, options: CallOptions = {}): Promise<Result<OpenedSet>> {
    return this.queue.add(async () => {
      const running = this.info ? ok(this.info) : await this.open([]);
      if (!running.ok) return running;
      const loaded = await loadSet(this.platform, setUrl, options);
      if (!loaded.ok) return loaded;
      await this.dropReady();
      this.set = loaded.value;
      const { bank } = await this.prepare();
      const { info, plan } = loaded.value;
      const residentBytes = info.residentBytes + bank.residentBytes;
      return ok({ set: { ...info, residentBytes }, tasks: plan.layout, backend: this.info ?? running.value });
    });
  }

  measure(request: HostRequest, call: HostCall = {}): Promise<Result<MeasureOutcome>> {
    return this.queue.add(() => this.measureNow(request, call));
  }

  /** Destroys the GPU device as a driver crash would; for tests. */
  loseDevice(): void {
    this.backend?.device?.destroy();
  }

  async close(): Promise<void> {
    await this.queue.add(() => this.dropBackend());
  }

  private async measureNow(
    request: HostRequest,
    { signal, onUpdate }: HostCall,
  ): Promise<Result<MeasureOutcome>> {
    const { set } = this;
    if (!set) return fail("bad-set", "no set is open.", { remedy: "Open a component set first." });
    const { subject, known, limit } = request;
    if (subject.kind === "mixture" && !isMixture(subject.alpha, set.members.length - 1))
      return fail(
        "bad-recipe",
        `the mixture is no point of the simplex of ${set.members.length - 1} components.`,
        {
          remedy: "Give one share per component, each at least 0, that sum to 1.",
        },
      );
    if (known && known.length !== set.plan.layout.floats)
      return fail("bad-task", "the known item scores belong to other tasks.", { remedy: "Measure anew." });
    const row = known ? known.slice() : emptyRow(set.plan);
    const started = performance.now();
    let tokens = 0;
    for (let restarts = 0; ; restarts++) {
      try {
        if (signal?.aborted) return this.outcome(row, false, tokens, started);
        const running = this.info ? ok(this.info) : await this.open([]);
        if (!running.ok) return running;
        const { session, bank } = await this.prepare();
        const merged = await this.fill(bank, set, subject, signal);
        if (!merged.ok) {
          if (merged.problem.kind !== "cancelled") return merged;
          return this.outcome(row, false, tokens, started);
        }
        const scored = await scoreInto(row, session, bank.feeds, set.plan, { limit, signal, onUpdate });
        tokens += scored.tokens;
        return this.outcome(row, scored.complete, tokens, started);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        if (!(error instanceof DeviceLost)) await this.dropReady();
        if (!(error instanceof DeviceLost) || restarts >= MOST_RESTARTS)
          return fail("backend", `the measurement stopped: ${why.slice(0, 300)}.`, {
            remedy: "Measure again; what is scored is kept.",
          });
        const reopened = await this.recover(why);
        if (!reopened.ok) return reopened;
      }
    }
  }

  private outcome(
    row: Float32Array,
    complete: boolean,
    tokens: number,
    started: number,
  ): Result<MeasureOutcome> {
    const { plan } = this.set!;
    return ok({
      scores: row.slice(),
      done: countScored(plan, row),
      total: plan.items,
      seconds: (performance.now() - started) / 1000,
      complete,
      backend: this.info?.kind ?? "wasm",
      tokens,
    });
  }

  private fill(
    bank: WeightBank,
    { members }: LoadedSet,
    subject: Scorable,
    signal: AbortSignal | undefined,
  ): Promise<Result<null>> {
    switch (subject.kind) {
      case "base":
        return bank.merge(
          members.map((_, i) => (i === 0 ? 1 : 0)),
          signal,
        );
      case "mixture":
        return bank.merge([0, ...subject.alpha], signal);
      case "weights":
        return bank.load(subject.reader, signal);
    }
  }

  private async open(before: readonly string[]): Promise<Result<BackendInfo>> {
    const started = await startBackend(this.platform, this.options, before);
    if (!started.ok) return started;
    this.backend = started.value.backend;
    this.openedInfo = started.value.info;
    this.info = started.value.info;
    return ok(this.info);
  }

  private async prepare(): Promise<Ready> {
    if (this.ready) return this.ready;
    const { backend, set } = this;
    if (!backend || !set) throw new Error("EngineHost: not started");
    const bank = openWeightBank(backend, { inputs: qwen3Weights(set.shape), members: set.members });
    const session = await this.openSession(backend, set, bank);
    this.ready = { session, bank };
    return this.ready;
  }

  /** Where the user left the choice to the engine, with as many threads as are fastest. */
  private async openSession(backend: Backend, set: LoadedSet, bank: WeightBank): Promise<DecoderSession> {
    const opened = this.openedInfo;
    if (this.options.backend !== "auto" || !opened) return DecoderSession.open(backend, set.shape);
    const { session, threads, why } = await chooseThreads(backend, set.shape, bank.feeds);
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
      ready.bank.close();
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
