/** Sizes of a Qwen3 model. */
export interface PlainShape {
  readonly vocabulary: number;
  readonly inner: number;
  readonly maxLength: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly normEps: number;
  readonly ropeTheta: number;
  readonly tied: boolean;
  readonly attentionBias: boolean;
}

export type PlainWeights = ReadonlyMap<string, ArrayLike<number>>;

/**
 * Qwen3 in plain float64 loops, one sequence at a time: the yardstick of the self-test and of the tests. Returns the
 * log-probabilities of the next token after every position, [length][vocabulary].
 */
export function plainForward(s: PlainShape, weights: PlainWeights, ids: readonly number[]): Float64Array[] {
  const tensor = (name: string) => weights.get(name) ?? missing(name);
  const embed = tensor("model.embed_tokens.weight");
  let x = ids.map((id) => Float64Array.from({ length: s.hidden }, (_, j) => embed[id * s.hidden + j]!));
  for (let i = 0; i < s.layers; i++) {
    const at = `model.layers.${i}`;
    const bias = (name: string) => (s.attentionBias ? tensor(`${at}.self_attn.${name}.bias`) : undefined);
    const project = (name: string, rows: Float64Array[]) =>
      rows.map((r) => times(tensor(`${at}.self_attn.${name}.weight`), r, bias(name)));
    const h = x.map((r) => rms(r, tensor(`${at}.input_layernorm.weight`), s.normEps));
    const q = project("q_proj", h).map((r, p) =>
      perHead(r, s, (head) => rotate(rms(head, tensor(`${at}.self_attn.q_norm.weight`), s.normEps), p, s)),
    );
    const k = project("k_proj", h).map((r, p) =>
      perHead(r, s, (head) => rotate(rms(head, tensor(`${at}.self_attn.k_norm.weight`), s.normEps), p, s)),
    );
    const v = project("v_proj", h);
    const mixed = project(
      "o_proj",
      q.map((_, p) => attendAt(p, q, k, v, s)),
    );
    x = x.map((r, p) => r.map((value, j) => value + mixed[p]![j]!));
    x = x.map((r) => {
      const normed = rms(r, tensor(`${at}.post_attention_layernorm.weight`), s.normEps);
      const gate = times(tensor(`${at}.mlp.gate_proj.weight`), normed);
      const up = times(tensor(`${at}.mlp.up_proj.weight`), normed);
      const inner = gate.map((value, j) => (value / (1 + Math.exp(-value))) * up[j]!);
      const down = times(tensor(`${at}.mlp.down_proj.weight`), inner);
      return r.map((value, j) => value + down[j]!);
    });
  }
  const head = s.tied ? embed : tensor("lm_head.weight");
  return x.map((r) => logSoftmax(times(head, rms(r, tensor("model.norm.weight"), s.normEps))));
}

function missing(name: string): never {
  throw new Error(`plainForward: no tensor ${name}`);
}

/** weight [out, in] · x (+ bias). */
function times(weight: ArrayLike<number>, x: Float64Array, bias?: ArrayLike<number>): Float64Array {
  const out = new Float64Array(weight.length / x.length);
  for (let o = 0; o < out.length; o++) {
    let sum = bias?.[o] ?? 0;
    for (let i = 0; i < x.length; i++) sum += weight[o * x.length + i]! * x[i]!;
    out[o] = sum;
  }
  return out;
}

function rms(x: Float64Array, weight: ArrayLike<number>, eps: number): Float64Array {
  const scale = 1 / Math.sqrt(x.reduce((t, v) => t + v * v, 0) / x.length + eps);
  return x.map((v, j) => v * scale * weight[j]!);
}

function perHead(x: Float64Array, s: PlainShape, f: (head: Float64Array) => Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let at = 0; at < x.length; at += s.headDim) out.set(f(x.slice(at, at + s.headDim)), at);
  return out;
}

function rotate(x: Float64Array, position: number, s: PlainShape): Float64Array {
  const half = s.headDim / 2;
  const out = new Float64Array(x.length);
  for (let i = 0; i < half; i++) {
    const angle = position * s.ropeTheta ** (-(2 * i) / s.headDim);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    out[i] = x[i]! * cos - x[i + half]! * sin;
    out[i + half] = x[i + half]! * cos + x[i]! * sin;
  }
  return out;
}

function attendAt(
  p: number,
  q: Float64Array[],
  k: Float64Array[],
  v: Float64Array[],
  s: PlainShape,
): Float64Array {
  const d = s.headDim;
  const out = new Float64Array(s.heads * d);
  for (let h = 0; h < s.heads; h++) {
    const kv = Math.floor(h / (s.heads / s.kvHeads)) * d;
    const scores = new Float64Array(p + 1);
    for (let t = 0; t <= p; t++) {
      for (let j = 0; j < d; j++) scores[t]! += q[p]![h * d + j]! * k[t]![kv + j]!;
      scores[t]! /= Math.sqrt(d);
    }
    const weights = logSoftmax(scores).map(Math.exp);
    for (let t = 0; t <= p; t++) for (let j = 0; j < d; j++) out[h * d + j]! += weights[t]! * v[t]![kv + j]!;
  }
  return out;
}

function logSoftmax(x: Float64Array): Float64Array {
  const max = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const log = max + Math.log(x.reduce((t, v) => t + Math.exp(v - max), 0));
  return x.map((v) => v - log);
}
