import { eachCell, extent, type LatticePoint, type TernaryField } from "./ternary-lattice";

/** Pieces of one contour line: x0, y0, x1, y1, … in lattice units (first coordinate, second coordinate). */
export interface Contour {
  readonly level: number;
  readonly pieces: readonly number[];
}

/** About `count` round levels (1, 2 or 5 times a power of ten) strictly between the field's extremes. */
export function contourLevels(values: ArrayLike<number>, count: number): number[] {
  const [low, high] = extent(values);
  if (!(high - low > 1e-9)) return [];
  const rough = (high - low) / (count + 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough * 0.999) ?? 10) * power;
  const levels: number[] = [];
  for (let k = Math.ceil(low / step + 1e-9); k * step < high - 1e-12; k++) levels.push(k * step);
  return levels;
}

/**
 * Contour lines by marching over the lattice's small triangles: in each, the field is linear. The lattice is already a
 * triangulation, so nothing needs to be triangulated again and a drag can redraw the lines in its own frame.
 */
export function contours(field: TernaryField, levels: readonly number[]): Contour[] {
  const pieces = levels.map((): number[] => []);
  const { values, steps } = field;
  eachCell(steps, (a, b, c) => {
    const va = values[a.index]!;
    const vb = values[b.index]!;
    const vc = values[c.index]!;
    const low = Math.min(va, vb, vc);
    const high = Math.max(va, vb, vc);
    for (let k = 0; k < levels.length; k++) {
      const level = levels[k]!;
      if (level <= low || level > high) continue;
      const out = pieces[k]!;
      cross(a, va, b, vb, level, out);
      cross(b, vb, c, vc, level, out);
      cross(c, vc, a, va, level, out);
    }
  });
  return levels.map((level, k) => ({ level, pieces: pieces[k]! }));
}

function cross(p: LatticePoint, vp: number, q: LatticePoint, vq: number, level: number, out: number[]): void {
  if (vp < level === vq < level) return;
  const t = (level - vp) / (vq - vp);
  out.push(p.i + t * (q.i - p.i), p.j + t * (q.j - p.j));
}
