import type { DecoderModel } from "../core/decoder/decoder-model";
import { decoderOf } from "../core/decoder/families";
import { referenceWeights } from "../core/decoder/reference-weights.fixture";
import type { Backend } from "./backend";
import { FamilyRuns } from "./family-runs.fixture";

/** What reference/families.py writes of a model. */
export interface FamilyCase {
  readonly name: string;
  readonly seed: number;
  readonly config: Record<string, unknown>;
  /** The config as transformers saves it. */
  readonly saved?: Record<string, unknown>;
  readonly rows: readonly {
    readonly tokens: number[];
    /** Positions whose logits are given. */
    readonly at: number[];
    /** Largest absolute logit of the row. */
    readonly largest: number;
    /** float32 in base64, as the next two. */
    readonly logits: string;
    readonly logProb: string;
    readonly gap: string;
  }[];
}

/** The largest difference to transformers, as a share of the row's largest logit, by the way in which the model was run. */
export type Differences = Readonly<Record<string, number>>;

export function familyModel(config: object): DecoderModel {
  const model = decoderOf(config, "config.json");
  if (!model.ok) throw new Error(model.problem.message);
  return model.value;
}

/** Runs a case in every way; `quick`: its longest row through the scoring graph alone. */
export async function checkFamily(
  backend: Backend,
  { config, seed, rows }: FamilyCase,
  quick = false,
): Promise<Differences> {
  const model = familyModel(config);
  const runs = new FamilyRuns(backend, model, referenceWeights(model.weights, seed));
  const worst: Record<string, number> = {};
  for (const { tokens, at, largest, ...values } of quick ? rows.slice(-1) : rows) {
    const note = (way: string, own: ArrayLike<number>, wanted: ArrayLike<number>) => {
      worst[way] = Math.max(worst[way] ?? 0, difference(own, wanted) / largest);
    };
    const v = model.vocabulary;
    const [wanted, logProb, gap] = [floats(values.logits), floats(values.logProb), floats(values.gap)];
    if (tokens.length > 1) {
      const whole = await runs.score(tokens);
      note("log p", whole.logProb, logProb);
      note("gaps", whole.gap, gap);
    }
    if (quick) continue;
    const logits = await runs.logits(tokens);
    note(
      "logits",
      at.flatMap((p) => [...logits.subarray(p * v, (p + 1) * v)]),
      wanted,
    );
    if (tokens.length < 2) continue;
    const layered = await runs.layered(tokens);
    note("log p layer by layer", layered.logProb, logProb);
    note("gaps layer by layer", layered.gap, gap);
    // Where angles depend on the length, a cache holds those of its own time.
    if (tokens.length < 13 || model.rotary?.perLength) continue;
    note("logits step by step", await runs.steps(tokens, 3), wanted.subarray(-v));
    const behind = await runs.behind(tokens, 8);
    note("log p behind a shared prefix", behind.logProb, logProb.subarray(8));
    note("gaps behind a shared prefix", behind.gap, gap.subarray(8));
  }
  await runs.close();
  return worst;
}

const floats = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    worst = Number.isNaN(d) ? Number.POSITIVE_INFINITY : Math.max(worst, d);
  }
  return worst;
}
