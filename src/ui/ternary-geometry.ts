import type { Barycentric } from "../core/mixture/slice";

/** Where an equilateral triangle stands in a box, in CSS pixels; corners in the order top, left, right. */
export interface TernaryFrame {
  readonly width: number;
  readonly height: number;
  readonly side: number;
  readonly corners: readonly [Xy, Xy, Xy];
}
export type Xy = readonly [x: number, y: number];

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

const RATIO = Math.sqrt(3) / 2;

/** The largest triangle that the margins leave, centred; side 0 where there is no room. */
export function ternaryFrame(width: number, height: number, margin: Margins): TernaryFrame {
  const roomX = width - margin.left - margin.right;
  const roomY = height - margin.top - margin.bottom;
  const side = Math.max(0, Math.min(roomX, roomY / RATIO));
  const x = margin.left + (roomX - side) / 2;
  const y = margin.top + Math.max(0, roomY - side * RATIO) / 2;
  const bottom = y + side * RATIO;
  return {
    width,
    height,
    side,
    corners: [
      [x + side / 2, y],
      [x, bottom],
      [x + side, bottom],
    ],
  };
}

/** Marks and labels grow with large triangles, so that they stay readable on large screens. */
export const markScale = (frame: TernaryFrame): number => Math.min(2, Math.max(1, frame.side / 560));

export function toXy(frame: TernaryFrame, p: Barycentric): Xy {
  const [a, b, c] = frame.corners;
  return [p[0] * a[0] + p[1] * b[0] + p[2] * c[0], p[0] * a[1] + p[1] * b[1] + p[2] * c[1]];
}

/** Coordinates of a pixel; some are negative outside the triangle. */
export function toBarycentric(frame: TernaryFrame, x: number, y: number): Barycentric {
  const [top, left] = frame.corners;
  const height = left[1] - top[1];
  if (!(height > 0)) return [1 / 3, 1 / 3, 1 / 3];
  const p0 = (left[1] - y) / height;
  const p2 = (x - left[0]) / frame.side - p0 / 2;
  return [p0, 1 - p0 - p2, p2];
}

export const isInside = (p: Barycentric, slack = 0): boolean => p.every((v) => v >= -slack);

/** The nearest point of the triangle (projection onto the simplex). */
export function clampBarycentric(p: Barycentric): Barycentric {
  const sorted = [...p].sort((a, b) => b - a);
  let sum = 0;
  let shift = 0;
  sorted.forEach((v, i) => {
    sum += v;
    const t = (sum - 1) / (i + 1);
    if (v > t) shift = t;
  });
  const [a, b, c] = p.map((v) => Math.max(0, v - shift)) as [number, number, number];
  return [a, b, c];
}

/** Keeps locked corners at their present share; what is left goes to the free ones in the proportions of `p`. */
export function holdLocked(p: Barycentric, now: Barycentric, locked: readonly boolean[]): Barycentric {
  const free = [0, 1, 2].filter((c) => !locked[c]);
  if (free.length === 3) return p;
  if (free.length < 2) return now;
  const room = free.reduce((s, c) => s + now[c]!, 0);
  const wanted = free.reduce((s, c) => s + p[c]!, 0);
  const [a, b, c] = now.map((share, corner) =>
    locked[corner] ? share : wanted > 0 ? (p[corner]! / wanted) * room : room / free.length,
  ) as [number, number, number];
  return [a, b, c];
}

/** Moves `amount` of share towards a corner, taking it from the other two in proportion (equally when both are 0). */
export function towardsCorner(p: Barycentric, corner: 0 | 1 | 2, amount: number): Barycentric {
  const share = Math.min(1, Math.max(0, p[corner] + amount));
  const rest = 1 - p[corner];
  const [a, b, c] = p.map((v, i) =>
    i === corner ? share : rest > 0 ? (v / rest) * (1 - share) : (1 - share) / 2,
  ) as [number, number, number];
  return [a, b, c];
}

/** A step of `amount` along the screen's axes: left and right trade the lower corners, up and down trade with the top. */
export function arrowStep(p: Barycentric, key: string, amount: number): Barycentric | null {
  const [a, b, c] = p;
  switch (key) {
    case "ArrowRight":
      return clampBarycentric([a, b - Math.min(amount, b), c + Math.min(amount, b)]);
    case "ArrowLeft":
      return clampBarycentric([a, b + Math.min(amount, c), c - Math.min(amount, c)]);
    case "ArrowUp":
      return towardsCorner(p, 0, amount);
    case "ArrowDown":
      return towardsCorner(p, 0, -amount);
    case "1":
    case "Home":
      return [1, 0, 0];
    case "2":
      return [0, 1, 0];
    case "3":
    case "End":
      return [0, 0, 1];
    case "0":
      return [1 / 3, 1 / 3, 1 / 3];
    default:
      return null;
  }
}
