import { useEffect, useMemo, useState } from "react";
import type { Mixture } from "../../core/mixture/mixture";
import { type Axes, sliceLattice, sliceRoom, sliceSqrt } from "../../core/mixture/slice";
import { predictMany } from "../../core/predict/gaussian-process";
import type { GpModel } from "../../core/predict/surface";
import { useMixture } from "../../state/mixture-store";
import { spreadOf, type Uncertainty } from "../../ui/ternary-hatching";
import type { TernaryField } from "../../ui/ternary-lattice";

/** Below this share the corners have nothing to divide: the triangle is a single mixture. */
export const NO_ROOM = 5e-4;

/** Means are predicted in the frame of a drag: fewer points where the model is large, so that the frame is kept. */
const MEAN_BUDGET = 130_000;
const meanSteps = (n: number): number => {
  const most = Math.floor(Math.sqrt((2 * MEAN_BUDGET) / Math.max(n, 1))) - 2;
  return Math.min(45, Math.max(24, most));
};
/** Standard deviations follow when the slice has stood still; they cost n times as much a point. */
const SD_STEPS = 30;
const SD_WAIT_MS = 140;
const SD_CHUNK_FLOPS = 1_200_000;

const lattices = new Map<number, ReturnType<typeof sliceLattice>>();
function lattice(steps: number) {
  let points = lattices.get(steps);
  if (!points) {
    points = sliceLattice(steps);
    lattices.set(steps, points);
  }
  return points;
}

/** Equal for mixtures on the same slice: the corners and what is held. A move inside the triangle changes nothing. */
export function sliceKey(alpha: Mixture, axes: Axes): string {
  return `${axes.join()}|${alpha.map((a, i) => (axes.includes(i) ? "" : a)).join()}`;
}

/** Predicted means over the slice; computed again only when the slice or the model changes. */
export function useSliceField(model: GpModel | null, alpha: Mixture, axes: Axes): TernaryField | null {
  const key = sliceKey(alpha, axes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what matters of alpha and axes
  return useMemo(() => {
    if (!model || model.dims !== alpha.length || sliceRoom(alpha, axes) < NO_ROOM) return null;
    const steps = meanSteps(model.n);
    const { mean } = predictMany(model, sliceSqrt(lattice(steps), alpha, axes), model.dims);
    return { steps, values: mean };
  }, [model, key]);
}

/** Standard deviations over the slice, in small pieces of idle time once nobody drags; null until they are there. */
export function useUncertainty(
  model: GpModel | null,
  field: TernaryField | null,
  axes: Axes,
  wanted: boolean,
): Uncertainty | null {
  const [found, setFound] = useState<{ field: TernaryField; uncertainty: Uncertainty } | null>(null);
  useEffect(() => {
    if (!model || !field || !wanted) return;
    const points = lattice(SD_STEPS);
    const sd = new Float64Array(points.length);
    const chunk = Math.max(8, Math.floor(SD_CHUNK_FLOPS / (model.n * model.n)));
    let done = 0;
    let timer: ReturnType<typeof setTimeout>;
    const step = () => {
      const { alpha, gesture } = useMixture.getState();
      if (gesture) {
        timer = setTimeout(step, SD_WAIT_MS);
        return;
      }
      const part = points.slice(done, done + chunk);
      const result = predictMany(model, sliceSqrt(part, alpha, axes), model.dims, true);
      if (result.sd) sd.set(result.sd, done);
      done += part.length;
      if (done < points.length) timer = setTimeout(step, 0);
      else setFound({ field, uncertainty: { steps: SD_STEPS, sd, spread: spreadOf(field.values) } });
    };
    timer = setTimeout(step, SD_WAIT_MS);
    return () => clearTimeout(timer);
  }, [model, field, axes, wanted]);
  return wanted && found?.field === field ? found.uncertainty : null;
}
