import { SourceError } from "../../core/checkpoint/byte-source";
import { PATIENT, Passing, type RetryPolicy, retryAfter } from "./retries";
import { Slots } from "./slots";
import {
  cutProblem,
  mixedContentProblem,
  noAnswerProblem,
  type Place,
  silentProblem,
  statusProblem,
} from "./web-problems";

/** Requests at once to one host. */
const WIDTH = 4;
/** Tries for a host that has never answered: more of them would hide a wrong address. */
const FIRST_TRIES = 3;

/** Of all folders together. */
const slots = new Map<string, Slots>();

function slotsOf(host: string): Slots {
  const known = slots.get(host) ?? new Slots(WIDTH);
  slots.set(host, known);
  return known;
}

export type Sink = (bytes: Uint8Array) => void | Promise<void>;

export interface Answer {
  readonly response: Response;
  /** Hands the body on as it comes; a connection that is cut or falls silent is `Passing`. */
  readonly read: (sink: Sink) => Promise<void>;
}

/** Sends requests: few at once to each host, each watched for silence, failures told apart into lasting and passing. */
export class Web {
  private readonly answered = new Set<string>();

  constructor(
    private readonly get: typeof fetch = (...args) => fetch(...args),
    readonly policy: RetryPolicy = PATIENT,
  ) {}

  /** One try. The body belongs to `use`; what it leaves unread is dropped. */
  async once<T>(
    place: Place,
    request: Omit<RequestInit, "signal">,
    signal: AbortSignal | undefined,
    use: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    const mixed = mixedContentProblem(place);
    if (mixed) throw new SourceError(mixed);
    const { host } = new URL(place.address);
    return slotsOf(host).run(async () => {
      const watch = new Watch(this.policy.silence, signal);
      try {
        const response = await this.send(place, request, watch, signal);
        try {
          if (isPassing(response.status))
            throw new Passing(statusProblem(place, response), retryAfter(response.headers));
          return await use({ response, read: (sink) => readBody(place, response, watch, signal, sink) });
        } finally {
          if (!response.bodyUsed || response.body?.locked === false)
            await response.body?.cancel().catch(() => undefined);
        }
      } finally {
        watch.end();
      }
    }, signal);
  }

  private async send(
    place: Place,
    request: RequestInit,
    watch: Watch,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { host } = new URL(place.address);
    try {
      const response = await this.get(place.address, { ...request, signal: watch.signal });
      this.answered.add(host);
      watch.touch();
      return response;
    } catch (error) {
      signal?.throwIfAborted();
      if (watch.silent) throw new Passing(silentProblem(place, this.policy.silence));
      const most = this.answered.has(host) ? undefined : FIRST_TRIES;
      throw new Passing(noAnswerProblem(place, error), null, most);
    }
  }
}

const isPassing = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

async function readBody(
  place: Place,
  response: Response,
  watch: Watch,
  signal: AbortSignal | undefined,
  sink: Sink,
): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        signal?.throwIfAborted();
        if (watch.silent) throw new Passing(silentProblem(place, watch.silence));
        throw new Passing(cutProblem(place, at, Number(response.headers.get("content-length") ?? at)));
      });
      if (done) return;
      at += value.length;
      await sink(value);
      watch.touch();
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Aborts with the caller's signal, and by itself when nothing was touched for `silence` milliseconds. */
class Watch {
  silent = false;
  private readonly controller = new AbortController();
  private readonly stop = () => this.controller.abort(this.outer?.reason);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly silence: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    if (outer?.aborted) this.stop();
    else outer?.addEventListener("abort", this.stop, { once: true });
    this.touch();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  touch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.silent = true;
      this.controller.abort(new DOMException("Silent for too long.", "TimeoutError"));
    }, this.silence);
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener("abort", this.stop);
  }
}
