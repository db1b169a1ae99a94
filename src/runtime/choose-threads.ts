import type { DecoderModel } from "../core/decoder/decoder-model";
import { batchFeeds, packBatches } from "../core/scoring/pack";
import { tokenTree } from "../core/scoring/token-tree";
import type { Backend } from "./backend";
import { DecoderSession } from "./decoder-session";
import type { Feeds } from "./ort";
import { elements } from "./weight-bank";

export interface ThreadChoice {
  readonly session: DecoderSession;
  readonly threads: number;
  /** What was measured, a sentence; null where nothing had to be. */
  readonly why: string | null;
}

/** Above this many parameters threads always pay. */
const LARGE = 20e6;
const ROWS = 4;
const LENGTH = 64;
const ROUNDS = 3;

/**
 * Opens the decoder with as many threads as are fastest for it now: small layers lose more by waiting for each other
 * than they gain, above all where other programs need the cores. Takes a fraction of a second.
 */
export async function chooseThreads(
  backend: Backend,
  model: DecoderModel,
  weights: Feeds,
): Promise<ThreadChoice> {
  const all = await DecoderSession.open(backend, model);
  const parameters = all.weights.reduce((n, w) => n + elements(w.shape), 0);
  if (backend.threads < 2 || backend.device || parameters > LARGE)
    return { session: all, threads: backend.threads, why: null };
  const one = await DecoderSession.open({ ...backend, session: (m) => backend.session(m, [], 1) }, model);
  const tokens = Array.from({ length: LENGTH + 1 }, (_, i) => i % model.vocabulary);
  const unit = { owner: null, tree: tokenTree([{ tokens, from: LENGTH / 2 }]) };
  const batch = packBatches(
    Array.from({ length: ROWS }, () => unit),
    { tokens: ROWS * LENGTH, targets: ROWS * LENGTH },
  )[0]!;
  const feeds = batchFeeds(batch);
  const best = new Map([
    [all, Infinity],
    [one, Infinity],
  ]);
  for (let round = 0; round <= ROUNDS; round++)
    for (const session of best.keys()) {
      const started = performance.now();
      await session.score(weights, batch, feeds);
      if (round > 0) best.set(session, Math.min(best.get(session)!, performance.now() - started));
    }
  const speed = (session: DecoderSession) => Math.round((ROWS * LENGTH * 1000) / best.get(session)!);
  const [session, other] = speed(one) > speed(all) ? [one, all] : [all, one];
  await other.close();
  const why = `One thread scores ${speed(one)} tokens a second now, ${backend.threads} threads ${speed(all)}.`;
  return { session, threads: session === one ? 1 : backend.threads, why };
}
