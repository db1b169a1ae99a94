import { plainForward } from "../core/decoder/plain-forward";
import { plainQwen3 } from "../core/decoder/plain-qwen3";
import { seededWeights } from "../core/decoder/seeded-weights";
import { PlainOps } from "../core/merge/block-ops";
import { memoryTensors } from "../core/merge/memory-tensors";
import { LINEAR, resolveChoice } from "../core/merge/merge-choice";
import { batchFeeds, packBatches } from "../core/scoring/pack";
import { tokenTree } from "../core/scoring/token-tree";
import type { SelfTest } from "../protocol/engine-protocol";
import type { Backend } from "./backend";
import { DecoderSession } from "./decoder-session";
import { openWeightBank } from "./open-bank";
import { release } from "./step";
import type { WeightBank } from "./weight-bank";

const SHAPE = {
  vocabulary: 96,
  hidden: 32,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 8,
  inner: 48,
  normEps: 1e-6,
  ropeTheta: 10_000,
  maxLength: 64,
  tied: true,
  attentionBias: false,
};
const MODEL = plainQwen3(SHAPE);
const TOLERANCE = 2e-4;
const TIMEOUT_MS = 60_000;
/** An emulated GPU compiles its shaders on the CPU. */
const EMULATED_TIMEOUT_MS = 300_000;
const PREFIX = Array.from({ length: 21 }, (_, i) => (i * 29 + 5) % SHAPE.vocabulary);
/** Two endings of one prefix and a longer text: all beyond the 16 tokens at which some fast operators go wrong. */
const SEQUENCES = [
  [...PREFIX, 3, 14, 15, 92],
  [...PREFIX, 3, 14, 65],
  Array.from({ length: 40 }, (_, i) => (i * i + 7 * i + 1) % SHAPE.vocabulary),
];

/** Log-probabilities of every token but the first of every sequence, in float64. */
export function expectedLogProbs(): Float64Array[] {
  const weights = testWeights();
  return SEQUENCES.map((ids) => {
    const rows = plainForward(SHAPE, weights, ids);
    return Float64Array.from(ids.slice(1), (id, i) => rows[i]![id]!);
  });
}

const testWeights = () => seededWeights(MODEL.weights, 7, 0.4);

/**
 * A tiny fixed model on this backend: merged from two members whose mean it is, scored packed and generated with a
 * cache, against `expected`. Every part that a measurement uses is in it.
 */
export async function selfTest(backend: Backend, expected: readonly Float64Array[]): Promise<SelfTest> {
  const verdict = (largestError: number, detail: string): SelfTest => ({
    backend: backend.kind,
    passed: largestError <= TOLERANCE,
    largestError,
    tolerance: TOLERANCE,
    detail,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<SelfTest>((resolve) => {
    const after = backend.emulated ? EMULATED_TIMEOUT_MS : TIMEOUT_MS;
    timer = setTimeout(() => resolve(verdict(Infinity, `no answer within ${after / 1000} seconds`)), after);
  });
  try {
    return await Promise.race([measure(backend, expected, verdict), timeout]);
  } catch (error) {
    return verdict(Infinity, error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

async function measure(
  backend: Backend,
  expected: readonly Float64Array[],
  verdict: (error: number, detail: string) => SelfTest,
): Promise<SelfTest> {
  const session = await DecoderSession.open(backend, MODEL);
  const bank = await mergedBank(backend);
  try {
    const scored = await scoringError(session, bank, expected);
    const generated = await generationError(session, bank, expected);
    const count = expected.reduce((n, e) => n + e.length, 0);
    return verdict(
      Math.max(scored, generated),
      `${count} log-probabilities: scoring differs by ${scored.toExponential(1)}, generation by ${generated.toExponential(1)} nats at most`,
    );
  } finally {
    bank.close();
    await session.close();
  }
}

/** The test weights as the mean of weights + d and weights − d. */
async function mergedBank(backend: Backend): Promise<WeightBank> {
  const weights = testWeights();
  const inputs = MODEL.weights;
  const shift = seededWeights(inputs, 11, 0.25);
  const member = (sign: number) =>
    memoryTensors(
      "self-test",
      new Map([...weights].map(([name, w]) => [name, w.map((v, i) => v + sign * shift.get(name)![i]!)])),
    );
  const components = [1, -1].map((sign) => ({ id: `${sign}`, reader: member(sign) }));
  const bank = openWeightBank(backend, { inputs, base: null, components, ops: new PlainOps() });
  const choice = resolveChoice(LINEAR, components.length);
  if (!choice.ok) throw new Error(choice.problem.message);
  const merged = await bank.merge({ choice: choice.value, weights: [0.5, 0.5] });
  if (!merged.ok) throw new Error(merged.problem.message);
  return bank;
}

async function scoringError(
  session: DecoderSession,
  bank: WeightBank,
  expected: readonly Float64Array[],
): Promise<number> {
  const sequences = SEQUENCES.map((tokens) => ({ tokens, from: 1 }));
  const trees = [tokenTree(sequences.slice(0, 2)), tokenTree(sequences.slice(2), 2)];
  const units = trees.map((tree) => ({ owner: null, tree }));
  const batch = packBatches(units, { tokens: 128, targets: 1000 })[0]!;
  const { logProb } = await session.score(bank.feeds, batch, batchFeeds(batch));
  const next = SEQUENCES.map(() => 0);
  let worst = 0;
  let k = 0;
  for (const { unit } of batch.placed)
    for (const slot of unit.tree.slots) {
      const difference = Math.abs(logProb[k++]! - expected[slot]![next[slot]!++]!);
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
    }
  return worst;
}

/** Feeds the last sequence through the cached graph, 30 tokens at once and the rest one by one. */
async function generationError(
  session: DecoderSession,
  bank: WeightBank,
  expected: readonly Float64Array[],
): Promise<number> {
  const ids = SEQUENCES[2]!;
  const first = 30;
  let cache = session.emptyCache(1);
  let worst = 0;
  for (let at = 0; at < first + 3; ) {
    const length = at === 0 ? first : 1;
    const keys = at + length + 1;
    const mask = new Float32Array(length * keys).fill(-1e9);
    for (let i = 0; i < length; i++) mask.fill(0, i * keys + 1, i * keys + 2 + at + i);
    const part = ids.slice(at, at + length);
    const positions = BigInt64Array.from(part, (_, i) => BigInt(at + i));
    const step = await session.step(
      bank.feeds,
      1,
      length,
      { ids: Int32Array.from(part), positions, mask },
      cache,
    );
    cache = step.cache;
    at += length;
    const max = step.logits.reduce((a, b) => Math.max(a, b), -Infinity);
    const log = max + Math.log(step.logits.reduce((sum, v) => sum + Math.exp(v - max), 0));
    const difference = Math.abs(step.logits[ids[at]!]! - log - expected[2]![at - 1]!);
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
  }
  release(cache);
  return worst;
}
