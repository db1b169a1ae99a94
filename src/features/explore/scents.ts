import { type Mixture, withShare } from "../../core/mixture/mixture";
import { predictMany } from "../../core/predict/gaussian-process";
import type { GpModel } from "../../core/predict/surface";
import { scoreColor } from "../../ui/colors";
import type { ColorRange } from "../../ui/ternary-heat";

const STOPS = 21;
/** Half the thumb: the track reaches this far beyond the ends of the rail. */
const OVERHANG = "7px";

/** For each component the track of its slider: predicted scores as the others give way, as a CSS gradient. */
export function scents(
  model: GpModel,
  alpha: Mixture,
  locked: readonly boolean[],
  range: ColorRange,
): string[] {
  const k = alpha.length;
  const points = new Float64Array(k * STOPS * k);
  let at = 0;
  for (let i = 0; i < k; i++) {
    for (let s = 0; s < STOPS; s++) {
      for (const share of withShare(alpha, i, s / (STOPS - 1), locked)) points[at++] = Math.sqrt(share);
    }
  }
  const { mean } = predictMany(model, points, k);
  return alpha.map((_, i) => {
    const stops = Array.from({ length: STOPS }, (__, s) => {
      const shade = (mean[i * STOPS + s]! - range.low) / (range.high - range.low);
      return `${scoreColor(shade)} calc(${OVERHANG} + ${s / (STOPS - 1)} * (100% - 2 * ${OVERHANG}))`;
    });
    return `linear-gradient(to right, ${stops.join(", ")})`;
  });
}
