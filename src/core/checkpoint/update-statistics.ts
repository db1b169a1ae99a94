import type { ComponentHealth, GroupUpdate } from "./component-set";
import { groupOf } from "./tensor-group";

/** L1 norms of one group: Σ|Δ|, Σ|Θ_i| per component and Σ|Θ_base|. */
interface GroupSums {
  readonly group: Pick<GroupUpdate, "place" | "kind">;
  readonly update: Float64Array;
  readonly component: Float64Array;
  base: number;
}

const BLOCK = 2048;

/** Accumulates, tensor by tensor and in float64, what `ComponentHealth` reports. */
export class UpdateStatistics {
  private readonly groups = new Map<string, GroupSums>();
  /** Δ_i · Δ_j over all weights, row by row. */
  private readonly dots: Float64Array;
  /** equal[i·(k+1) + j]: components i and j agree so far; j = k stands for the base. */
  private readonly equal: boolean[];
  private readonly updates: Float64Array[];

  constructor(private readonly ids: readonly string[]) {
    const k = ids.length;
    this.dots = new Float64Array(k * k);
    this.equal = Array.from({ length: k * (k + 1) }, () => true);
    this.updates = ids.map(() => new Float64Array(BLOCK));
  }

  /** `components` in set order, each as long as `base`. */
  add(name: string, base: Float32Array, components: readonly Float32Array[]): void {
    const sums = this.group(name);
    for (let i = 0; i < base.length; i++) sums.base += Math.abs(base[i]!);
    for (let from = 0; from < base.length; from += BLOCK) {
      const to = Math.min(from + BLOCK, base.length);
      for (const [i, values] of components.entries()) this.addBlock(sums, i, base, values, from, to);
      this.addDots(to - from);
    }
    this.compare(base, components);
  }

  private addBlock(s: GroupSums, i: number, base: Float32Array, own: Float32Array, from: number, to: number) {
    const update = this.updates[i]!;
    let moved = 0;
    let size = 0;
    for (let at = from; at < to; at++) {
      const value = own[at]!;
      const difference = value - base[at]!;
      update[at - from] = difference;
      moved += Math.abs(difference);
      size += Math.abs(value);
    }
    s.update[i]! += moved;
    s.component[i]! += size;
  }

  private addDots(length: number): void {
    const k = this.ids.length;
    for (let i = 0; i < k; i++) {
      const a = this.updates[i]!;
      for (let j = i; j < k; j++) {
        const b = this.updates[j]!;
        let dot = 0;
        for (let at = 0; at < length; at++) dot += a[at]! * b[at]!;
        this.dots[i * k + j]! += dot;
      }
    }
  }

  private compare(base: Float32Array, components: readonly Float32Array[]): void {
    const k = this.ids.length;
    for (let i = 0; i < k; i++)
      for (let j = i + 1; j <= k; j++) {
        const cell = i * (k + 1) + j;
        if (this.equal[cell]) this.equal[cell] = same(components[i]!, j === k ? base : components[j]!);
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

  /** A cosine is 0 where an update is 0. */
  health(): ComponentHealth[] {
    const groups = [...this.groups.values()].sort(
      (a, b) => placeOrder(a) - placeOrder(b) || kindOrder(a) - kindOrder(b),
    );
    return this.ids.map((id, i) => ({
      id,
      delta: ratio(groups, i),
      groups: groups.map((sums) => ({ ...sums.group, delta: ratio([sums], i) })),
      cosines: this.ids.map((_, j) => this.cosine(i, j)),
    }));
  }

  private cosine(i: number, j: number): number {
    const k = this.ids.length;
    const norm = Math.sqrt(this.dots[i * k + i]! * this.dots[j * k + j]!);
    if (!(norm > 0)) return 0;
    return Math.max(-1, Math.min(1, this.dots[Math.min(i, j) * k + Math.max(i, j)]! / norm));
  }

  /** "base", or the id of an earlier component with the same weights, or null. */
  equalTo(i: number): string | null {
    const k = this.ids.length;
    if (this.equal[i * (k + 1) + k]) return "base";
    for (let j = 0; j < i; j++) if (this.equal[j * (k + 1) + i]) return this.ids[j]!;
    return null;
  }
}

/** δ of component i over some groups, paper Eq. 4; 0 where all weights are 0. */
function ratio(groups: readonly GroupSums[], i: number): number {
  const total = (pick: (s: GroupSums) => number) => groups.reduce((sum, s) => sum + pick(s), 0);
  const size = total((s) => s.component[i]! + s.base);
  return size > 0 ? total((s) => s.update[i]!) / size : 0;
}

function same(a: Float32Array, b: Float32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function placeOrder({ group }: GroupSums): number {
  if (group.place === "embed") return -1;
  if (group.place.startsWith("layer ")) return Number(group.place.slice(6));
  return group.place === "final norm" ? 1e6 : 1e6 + 1;
}

const KINDS: readonly GroupUpdate["kind"][] = ["embedding", "norm", "attention", "mlp"];
const kindOrder = ({ group }: GroupSums): number => KINDS.indexOf(group.kind);
