import { BLOCK, type BlockOps, bytesPer, type StoredValues } from "../merge/block-ops";
import type { ComponentHealth, GroupUpdate } from "./component-set";
import { countSigns, type SignBits, setSigns, signBits } from "./sign-bits";
import { groupOf } from "./tensor-group";

/** L1 norms of one group: Σ|Δ|, Σ|Θ_i| per component and Σ|Θ_base|. */
interface GroupSums {
  readonly group: Pick<GroupUpdate, "place" | "kind">;
  readonly update: Float64Array;
  readonly component: Float64Array;
  base: number;
}

/** Where a NaN or an infinity was met: member 0 is the base, 1 the first component … */
export interface NonFinite {
  readonly member: number;
  /** Position in the slice. */
  readonly at: number;
}

/** Accumulates, slice by slice and in float64, what `ComponentHealth` reports. */
export class UpdateStatistics {
  private readonly groups = new Map<string, GroupSums>();
  /** Over all pairs i ≤ j, row by row: Δ_i · Δ_j, and entries where neither is 0, and those of them with equal signs. */
  private readonly dots: Float64Array;
  private readonly signed: Float64Array;
  private readonly agreeing: Float64Array;
  /** equal[i·(k+1) + j]: components i and j agree so far; j = k stands for the base. */
  private readonly equal: boolean[];
  private readonly signs: readonly SignBits[];

  constructor(private readonly ids: readonly string[]) {
    const k = ids.length;
    this.dots = new Float64Array(k * k);
    this.signed = new Float64Array(k * k);
    this.agreeing = new Float64Array(k * k);
    this.equal = Array.from({ length: k * (k + 1) }, () => true);
    this.signs = ids.map(() => signBits(BLOCK));
  }

  /**
   * A slice of a tensor, of base and components in set order, all of `length` elements. Gives the first value that is no
   * number, after which the statistics are void. Leaves no block in `ops`.
   */
  add(
    name: string,
    length: number,
    base: StoredValues,
    components: readonly StoredValues[],
    ops: BlockOps,
  ): NonFinite | null {
    const sums = this.group(name);
    const size = Math.min(BLOCK, length);
    const start = ops.scratch(size);
    const own = ops.scratch(size);
    const updates = components.map(() => ops.scratch(size));
    const norms = new Float64Array(components.length);
    try {
      for (let from = 0; from < length; from += BLOCK) {
        const cut = (block: Float32Array) => block.subarray(0, Math.min(BLOCK, length - from));
        const b = cut(start);
        ops.decode(base, from, b, "float32");
        const sum = ops.sumAbs(b);
        if (!Number.isFinite(sum)) return { member: 0, at: nonFinite(base, from, b.length, ops) };
        sums.base += sum;
        const deltas = updates.map(cut);
        for (const [i, values] of components.entries()) {
          const x = cut(own);
          ops.decode(values, from, x, "float32");
          const total = ops.sumAbs(x);
          if (!Number.isFinite(total)) return { member: i + 1, at: nonFinite(values, from, x.length, ops) };
          sums.component[i]! += total;
          ops.subtract(x, b, deltas[i]!, "float32");
          norms[i] = ops.sumAbs(deltas[i]!);
          sums.update[i]! += norms[i]!;
          if (norms[i] !== 0) this.equal[this.cell(i, this.ids.length)] = false;
        }
        this.addPairs(deltas, norms, ops);
        this.compare(components, norms, from, b.length, ops, [b, cut(own)]);
      }
    } finally {
      ops.reset();
    }
    return null;
  }

  private cell(i: number, j: number): number {
    return i * (this.ids.length + 1) + j;
  }

  private addPairs(deltas: readonly Float32Array[], norms: Float64Array, ops: BlockOps): void {
    const k = this.ids.length;
    for (let i = 0; i < k; i++) if (norms[i] !== 0) setSigns(this.signs[i]!, deltas[i]!);
    for (let i = 0; i < k; i++) {
      if (norms[i] === 0) continue;
      for (let j = i; j < k; j++) {
        if (norms[j] === 0) continue;
        const { both, equal } = countSigns(this.signs[i]!, this.signs[j]!);
        this.dots[i * k + j]! += ops.dot(deltas[i]!, deltas[j]!);
        this.signed[i * k + j]! += both;
        this.agreeing[i * k + j]! += equal;
      }
    }
  }

  /** Equal blocks have equal norms; only where they do are the values compared. */
  private compare(
    components: readonly StoredValues[],
    norms: Float64Array,
    from: number,
    length: number,
    ops: BlockOps,
    [a, b]: readonly [Float32Array, Float32Array],
  ): void {
    const k = this.ids.length;
    for (let i = 0; i < k; i++)
      for (let j = i + 1; j < k; j++) {
        if (!this.equal[this.cell(i, j)] || (norms[i] === 0 && norms[j] === 0)) continue;
        if (norms[i] === norms[j] && same(components[i]!, components[j]!, from, length, ops, a, b)) continue;
        this.equal[this.cell(i, j)] = false;
      }
  }

  private group(name: string): GroupSums {
    const group = groupOf(name);
    const key = `${group.place}/${group.kind}`;
    let sums = this.groups.get(key);
    if (!sums) {
      const k = this.ids.length;
      sums = { group, update: new Float64Array(k), component: new Float64Array(k), base: 0 };
      this.groups.set(key, sums);
    }
    return sums;
  }

  /** A cosine is 0 where an update is 0, and so is an agreement where no entry of both is non-zero. */
  health(): ComponentHealth[] {
    const groups = [...this.groups.values()].sort(
      (a, b) => placeOrder(a) - placeOrder(b) || kindOrder(a) - kindOrder(b),
    );
    return this.ids.map((id, i) => ({
      id,
      delta: ratio(groups, i),
      groups: groups.map((sums) => ({ ...sums.group, delta: ratio([sums], i) })),
      cosines: this.ids.map((_, j) => this.cosine(i, j)),
      signAgreement: this.ids.map((_, j) => {
        const pair = this.pair(i, j);
        return this.signed[pair]! > 0 ? this.agreeing[pair]! / this.signed[pair]! : 0;
      }),
    }));
  }

  private pair(i: number, j: number): number {
    return Math.min(i, j) * this.ids.length + Math.max(i, j);
  }

  private cosine(i: number, j: number): number {
    const norm = Math.sqrt(this.dots[this.pair(i, i)]! * this.dots[this.pair(j, j)]!);
    if (!(norm > 0)) return 0;
    return Math.max(-1, Math.min(1, this.dots[this.pair(i, j)]! / norm));
  }

  /** "base", or the id of an earlier component with the same weights, or null. */
  equalTo(i: number): string | null {
    if (this.equal[this.cell(i, this.ids.length)]) return "base";
    for (let j = 0; j < i; j++) if (this.equal[this.cell(j, i)]) return this.ids[j]!;
    return null;
  }
}

function nonFinite({ dtype, bytes }: StoredValues, from: number, length: number, ops: BlockOps): number {
  const size = bytesPer[dtype];
  return from + ops.findNonFinite({ dtype, bytes: bytes.subarray(from * size, (from + length) * size) });
}

/** Whether two members hold the same values in [from, from + length); `a` and `b` are overwritten. */
function same(
  x: StoredValues,
  y: StoredValues,
  from: number,
  length: number,
  ops: BlockOps,
  a: Float32Array,
  b: Float32Array,
): boolean {
  ops.decode(x, from, a.subarray(0, length), "float32");
  ops.decode(y, from, b.subarray(0, length), "float32");
  ops.subtract(a, b, a, "float32");
  return ops.sumAbs(a) === 0;
}

/** δ of component i over some groups, paper Eq. 4; 0 where all weights are 0. */
function ratio(groups: readonly GroupSums[], i: number): number {
  const total = (pick: (s: GroupSums) => number) => groups.reduce((sum, s) => sum + pick(s), 0);
  const size = total((s) => s.component[i]! + s.base);
  return size > 0 ? total((s) => s.update[i]!) / size : 0;
}

function placeOrder({ group }: GroupSums): number {
  if (group.place === "embed") return -1;
  if (group.place.startsWith("layer ")) return Number(group.place.slice(6));
  return group.place === "final norm" ? 1e6 : 1e6 + 1;
}

const KINDS: readonly GroupUpdate["kind"][] = ["embedding", "norm", "attention", "mlp"];
const kindOrder = ({ group }: GroupSums): number => KINDS.indexOf(group.kind);
