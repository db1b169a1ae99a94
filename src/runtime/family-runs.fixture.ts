import type { DecoderGraph, DecoderModel, WeightInput } from "../core/decoder/decoder-model";
import { windowMask } from "../core/decoder/window-mask";
import { batchFeeds, HIDDEN, packBatches } from "../core/scoring/pack";
import { tokenTree } from "../core/scoring/token-tree";
import type { Backend } from "./backend";
import { DecoderSession } from "./decoder-session";
import type { Feeds, Session } from "./ort";
import { RopeFeeds } from "./rope-feeds";

/** log p and gap of every token but the first. */
export interface Scores {
  readonly logProb: readonly number[];
  readonly gap: readonly number[];
}

/** One model on one backend, its graphs compiled when they are first needed; every way in which it is run. */
export class FamilyRuns {
  readonly weights: Feeds;
  private readonly rope: RopeFeeds;
  private readonly compiled = new Map<string, { session: Session; graph: DecoderGraph }>();
  private session: DecoderSession | null = null;

  constructor(
    private readonly backend: Backend,
    readonly model: DecoderModel,
    private readonly values: ReadonlyMap<string, Float32Array>,
  ) {
    this.rope = new RopeFeeds(backend, model.rotary);
    this.weights = this.tensors(model.weights.map((w) => ({ ...w, tensor: w.name })));
  }

  async close(): Promise<void> {
    for (const { session } of this.compiled.values()) await session.release();
    await this.session?.close();
  }

  /** The scoring graph through a DecoderSession. */
  async score(tokens: readonly number[]): Promise<Scores> {
    this.session ??= await DecoderSession.open(this.backend, this.model);
    const unit = { owner: null, tree: tokenTree([{ tokens, from: 1 }]) };
    const batch = packBatches([unit], { tokens: 1024, targets: 1024 })[0]!;
    const { logProb, gap } = await this.session.score(this.weights, batch, batchFeeds(batch));
    return { logProb: [...logProb], gap: [...gap] };
  }

  /** The generation graph on a text at once: logits after every token, [length, vocabulary]. */
  async logits(tokens: readonly number[]): Promise<Float32Array> {
    const { logits } = await this.generate(tokens, 0, this.emptyPast());
    return logits!.data as Float32Array;
  }

  /** The generation graph, the last `steps` tokens one by one: logits after the last token. */
  async steps(tokens: readonly number[], steps: number): Promise<Float32Array> {
    let past = this.emptyPast();
    let logits: Float32Array = new Float32Array();
    for (let at = 0; at < tokens.length; ) {
      const length = at === 0 ? tokens.length - steps : 1;
      const { logits: own, ...present } = await this.generate(tokens.slice(at, at + length), at, past);
      past = Object.fromEntries(Object.entries(present).map(([n, t]) => [n.replace("present", "past"), t]));
      logits = own!.data as Float32Array;
      at += length;
    }
    return logits.slice(-this.model.vocabulary);
  }

  /** The scoring graph behind a shared prefix of `first` tokens, on two equal rows: scores of the tokens after the prefix's. */
  async behind(tokens: readonly number[], first: number): Promise<Scores> {
    const { logits: _, ...present } = await this.generate(tokens.slice(0, first), 0, this.emptyPast());
    const past = Object.fromEntries(
      Object.entries(present).map(([n, t]) => [n.replace("present", "past"), t]),
    );
    const rest = tokens.slice(first, -1);
    const { length } = rest;
    const keys = first + 1 + length;
    const mask = new Float32Array(2 * length * keys).fill(HIDDEN);
    for (let i = 0; i < 2 * length; i++) mask.fill(0, i * keys + 1, i * keys + first + 2 + (i % length));
    const ids = Int32Array.from([...rest, ...rest]);
    const positions = BigInt64Array.from(ids, (_, i) => BigInt(first + (i % length)));
    const { Tensor } = this.backend.ort;
    const graph = await this.graph("behind", () =>
      this.model.scoringGraph({ sharedPast: true, headChunk: 23 }),
    );
    const out = await this.run(graph, {
      ...this.weights,
      ...past,
      ...this.inputs(2, length, keys, ids, positions, mask, tokens.length - 1),
      source: new Tensor(
        "int32",
        Int32Array.from(ids, (_, i) => i),
        [2 * length],
      ),
      target: new Tensor(
        "int32",
        Int32Array.from(ids, (_, i) => tokens[first + 1 + (i % length)]!),
        [2 * length],
      ),
    });
    const second = (name: string) => [...(out[name]!.data as Float32Array)].slice(length);
    return { logProb: second("logProb"), gap: second("gap") };
  }

  /** Embedding outside, layer by layer through the block graphs, the head in chunks of 23 rows. */
  async layered(tokens: readonly number[]): Promise<Scores> {
    const { model, backend } = this;
    const { parts, hidden } = model;
    const ids = Int32Array.from(tokens.slice(0, -1));
    const { length } = ids;
    const { Tensor } = backend.ort;
    const mask = new Float32Array(length * length).fill(HIDDEN);
    for (let i = 0; i < length; i++) mask.fill(0, i * length, i * length + i + 1);
    const positions = BigInt64Array.from(ids, (_, i) => BigInt(i));
    const inputs = this.inputs(1, length, length, ids, positions, mask, length);
    let x: Float32Array = this.embedded(ids);
    for (const [layer, kind] of parts.kinds.entries()) {
      const block = await this.graph(`block ${kind}`, () => parts.blockGraph(kind));
      const weights = this.tensors(parts.layerWeights(layer));
      const out = await this.run(block, {
        ...weights,
        ...inputs,
        hidden: new Tensor("float32", x, [length, hidden]),
      });
      x = out["hidden.out"]!.data as Float32Array;
    }
    return this.headScores(x, Int32Array.from(tokens.slice(1)));
  }

  private embedded(ids: Int32Array): Float32Array {
    const { hidden, parts } = this.model;
    const { table, scale, positionTable, positionOffset } = parts.embedding;
    const rows = this.values.get(table.name)!;
    const learned = positionTable ? this.values.get(positionTable.name)! : null;
    return Float32Array.from({ length: ids.length * hidden }, (_, n) => {
      const [i, j] = [Math.floor(n / hidden), n % hidden];
      return scale * rows[ids[i]! * hidden + j]! + (learned?.[(i + positionOffset) * hidden + j] ?? 0);
    });
  }

  private async headScores(x: Float32Array, targets: Int32Array): Promise<Scores> {
    const { model, backend, values } = this;
    const { Tensor } = backend.ort;
    const { table } = model.parts.head;
    const graph = await this.graph("head", () => model.parts.headGraph());
    const k = targets.length;
    const chunks: {
      from: number;
      rows: number;
      max: Float32Array;
      sum: Float32Array;
      target: Float32Array;
    }[] = [];
    for (let from = 0; from < model.vocabulary; from += 23) {
      const rows = Math.min(23, model.vocabulary - from);
      const head = values.get(table.name)!.slice(from * model.hidden, (from + rows) * model.hidden);
      const out = await this.run(graph, {
        ...this.tensors(graph.graph.weights.map((w) => ({ ...w, tensor: w.name }))),
        hidden: new Tensor("float32", x, [k, model.hidden]),
        head: new Tensor("float32", head, [rows, model.hidden]),
        local: new Tensor(
          "int32",
          targets.map((t) => Math.min(Math.max(t - from, 0), rows - 1)),
          [k],
        ),
      });
      const data = (name: string) => out[name]!.data as Float32Array;
      chunks.push({ from, rows, max: data("max"), sum: data("sum"), target: data("target") });
    }
    const gap: number[] = [];
    const logProb: number[] = [];
    for (const [i, target] of targets.entries()) {
      const max = Math.max(...chunks.map((c) => c.max[i]!));
      const sum = chunks.reduce((s, c) => s + c.sum[i]! * Math.exp(c.max[i]! - max), 0);
      const chosen = chunks.find((c) => target >= c.from && target < c.from + c.rows)!.target[i]!;
      gap.push(chosen - max);
      logProb.push(chosen - max - Math.log(sum));
    }
    return { logProb, gap };
  }

  /** Tokens behind `past`, whose first column is hidden and which stands for `from` tokens. */
  private async generate(tokens: readonly number[], from: number, past: Feeds): Promise<Feeds> {
    const { length } = tokens;
    const keys = 1 + from + length;
    const mask = new Float32Array(length * keys).fill(HIDDEN);
    for (let i = 0; i < length; i++) mask.fill(0, i * keys + 1, i * keys + 2 + from + i);
    const ids = Int32Array.from(tokens);
    const positions = BigInt64Array.from(ids, (_, i) => BigInt(from + i));
    const graph = await this.graph("generation", () => this.model.generationGraph());
    return this.run(graph, {
      ...this.weights,
      ...past,
      ...this.inputs(1, length, keys, ids, positions, mask, from + length),
      source: new this.backend.ort.Tensor(
        "int32",
        Int32Array.from(ids, (_, i) => i),
        [length],
      ),
    });
  }

  private inputs(
    rows: number,
    length: number,
    keys: number,
    ids: Int32Array,
    plain: BigInt64Array,
    mask: Float32Array,
    whole: number,
  ): Feeds {
    const { Tensor } = this.backend.ort;
    const { feeds, positions } = this.rope.place(plain, new Int32Array(plain.length).fill(whole));
    const window = this.model.windows.find((w) => w !== null) ?? null;
    const shape = [rows, 1, 1, length, keys];
    return {
      ...feeds,
      ids: new Tensor("int32", ids, [rows, length]),
      positions: new Tensor("int64", positions, [rows, length]),
      mask: new Tensor("float32", mask, shape),
      ...(window !== null && {
        "mask.window": new Tensor("float32", windowMask(mask, keys, window, HIDDEN), shape),
      }),
    };
  }

  private emptyPast(): Feeds {
    const { kvHeads, headDim, layers } = this.model;
    const column = () =>
      new this.backend.ort.Tensor("float32", new Float32Array(kvHeads * headDim), [1, kvHeads, 1, headDim]);
    return Object.fromEntries(
      Array.from({ length: layers }, (_, i) => [
        [`past.key.${i}`, column()],
        [`past.value.${i}`, column()],
      ]).flat(),
    ) as Feeds;
  }

  private tensors(weights: readonly (WeightInput & { readonly tensor: string })[]): Feeds {
    const { Tensor } = this.backend.ort;
    return Object.fromEntries(
      weights.map(({ name, tensor, shape }) => [
        name,
        new Tensor("float32", this.values.get(tensor)!, shape),
      ]),
    );
  }

  private async graph(name: string, make: () => DecoderGraph) {
    const known = this.compiled.get(name);
    if (known) return known;
    const graph = make();
    const made = { graph, session: await this.backend.session(graph.bytes) };
    this.compiled.set(name, made);
    return made;
  }

  private run({ session, graph }: { session: Session; graph: DecoderGraph }, feeds: Feeds): Promise<Feeds> {
    const names = [...graph.weights.map((w) => w.name), ...graph.inputs];
    return this.backend.run(session, Object.fromEntries(names.map((name) => [name, feeds[name]!])));
  }
}
