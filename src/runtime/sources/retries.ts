import { SourceError } from "../../core/checkpoint/byte-source";
import type { Problem } from "../../core/result";

/** How long and how often a failing request is tried again; all times in milliseconds. */
export interface RetryPolicy {
  /** Failures in a row, without progress between them, after which it is given up. */
  readonly tries: number;
  /** The wait after the first failure; doubled after each further one. */
  readonly firstWait: number;
  readonly longestWait: number;
  /** The longest Retry-After that is waited for. */
  readonly longestAsked: number;
  /** A connection that is silent for so long counts as cut. */
  readonly silence: number;
  /** Uniform in [0, 1); spreads the waits of several readers. */
  readonly random: () => number;
}

export const PATIENT: RetryPolicy = {
  tries: 6,
  firstWait: 500,
  longestWait: 20_000,
  longestAsked: 120_000,
  silence: 45_000,
  random: Math.random,
};

/** A failure that may pass: `asked` is the server's Retry-After in milliseconds. */
export class Passing extends Error {
  constructor(
    readonly problem: Problem,
    readonly asked: number | null = null,
    /** At most so many tries, where more would only keep people waiting. */
    readonly most = Number.POSITIVE_INFINITY,
  ) {
    super(problem.message);
    this.name = "Passing";
  }
}

/**
 * Repeats `attempt` while it fails with `Passing`, with exponential back-off and jitter. `progress` is compared between
 * failures: an attempt that got further starts the count anew. Rejects with a SourceError, or with the signal's reason.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
  progress: () => number = () => 0,
): Promise<T> {
  let failures = 0;
  for (let reached = progress(); ; ) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Passing)) throw error;
      failures = progress() > reached ? 1 : failures + 1;
      reached = progress();
      const { problem, asked, most } = error;
      if (asked !== null && asked > policy.longestAsked) {
        const remedy = `It asks to wait ${Math.ceil(asked / 60_000)} minutes: open the set again after that.`;
        throw new SourceError({ ...problem, remedy });
      }
      if (failures >= Math.min(policy.tries, most)) throw new SourceError(triedOften(problem, failures));
      await pause(waitAfter(policy, failures, asked), signal);
    }
  }
}

const triedOften = (problem: Problem, failures: number): Problem =>
  failures < 2
    ? problem
    : { ...problem, message: problem.message.replace(/\.$/, `, tried ${failures} times.`) };

/** Between half and all of firstWait · 2^(failures − 1), never less than the server asked for. */
export function waitAfter(policy: RetryPolicy, failures: number, asked: number | null): number {
  const full = Math.min(policy.longestWait, policy.firstWait * 2 ** (failures - 1));
  return Math.max(asked ?? 0, full * (0.5 + policy.random() / 2));
}

/** The Retry-After of an answer in milliseconds: seconds or a date; null where it is absent or neither. */
export function retryAfter(headers: Headers, now = Date.now()): number | null {
  const value = headers.get("retry-after")?.trim();
  if (!value) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** Rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
