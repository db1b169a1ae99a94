/** A function to be minimised; writes its gradient into `gradient`. +∞ marks a point that cannot be evaluated. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

const MEMORY = 8;

/**
 * L-BFGS inside a box (projected steps; variables held at a bound leave the two-loop recursion), backtracking line search.
 * Stops when an iteration gains less than `tolerance`, or after `maxEvaluations`. Deterministic.
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  low: Float64Array,
  high: Float64Array,
  { maxEvaluations = 60, tolerance = 1e-4 } = {},
): Minimum {
  const n = start.length;
  const clamp = (v: number, i: number) => Math.min(Math.max(v, low[i]!), high[i]!);
  let x: Float64Array = start.map(clamp);
  let gradient: Float64Array = new Float64Array(n);
  let value = objective(x, gradient);
  let evaluations = 1;
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  while (evaluations < maxEvaluations && Number.isFinite(value)) {
    const free = gradient.map((g, i) =>
      (x[i]! <= low[i]! && g > 0) || (x[i]! >= high[i]! && g < 0) ? 0 : 1,
    );
    let direction = descent(gradient, free, steps, changes);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      steps.length = changes.length = 0;
      direction = descent(gradient, free, steps, changes);
      slope = dot(direction, gradient);
      if (!(slope < 0)) break;
    }
    let length = steps.length > 0 ? 1 : Math.min(1, 0.7 / Math.sqrt(dot(direction, direction)));
    let accepted = false;
    for (let tries = 0; tries < 12 && evaluations < maxEvaluations; tries++, length *= 0.35) {
      const next = x.map((v, i) => clamp(v + length * direction[i]!, i));
      const nextGradient = new Float64Array(n);
      const nextValue = objective(next, nextGradient);
      evaluations++;
      if (!(nextValue <= value + 1e-4 * length * slope)) continue;
      const step = next.map((v, i) => v - x[i]!);
      const change = nextGradient.map((g, i) => g - gradient[i]!);
      if (dot(step, change) > 1e-10) {
        steps.push(step);
        changes.push(change);
        if (steps.length > MEMORY) {
          steps.shift();
          changes.shift();
        }
      }
      accepted = value - nextValue > tolerance;
      x = next;
      gradient = nextGradient;
      value = nextValue;
      break;
    }
    if (!accepted) break;
  }
  return { x, value, evaluations };
}

/** −H·g by the two-loop recursion over the free variables. */
function descent(
  gradient: Float64Array,
  free: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
): Float64Array {
  const q = gradient.map((g, i) => -g * free[i]!);
  const factors: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    const a = dot(steps[k]!, q) / dot(steps[k]!, changes[k]!);
    factors[k] = a;
    q.forEach((_, i) => {
      q[i]! -= a * changes[k]![i]!;
    });
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    q.forEach((_, i) => {
      q[i]! *= scale;
    });
  }
  for (let k = 0; k < steps.length; k++) {
    const b = dot(changes[k]!, q) / dot(steps[k]!, changes[k]!);
    q.forEach((_, i) => {
      q[i]! += (factors[k]! - b) * steps[k]![i]!;
    });
  }
  return q.map((v, i) => v * free[i]!);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
