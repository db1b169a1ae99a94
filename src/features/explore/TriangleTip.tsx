import { toMixture } from "../../core/mixture/mixture";
import type { GpModel } from "../../core/predict/surface";
import { predictedEstimate } from "../../state/hooks";
import { correlation, sharePercent, withInterval } from "../../ui/format";
import classes from "./ExplorePage.module.css";
import { type KnownPoint, nearestMeasured } from "./slice-points";

const text = (estimate: Parameters<typeof withInterval>[0]): string => {
  const { value, half } = withInterval(estimate);
  return `${value} ${half}`;
};

/** What is predicted at a place of the triangle, and what was measured nearest to it. */
export function TriangleTip(props: {
  readonly weights: readonly number[];
  readonly model: GpModel | null;
  readonly known: readonly KnownPoint[];
  readonly picked: KnownPoint | null;
}) {
  const { weights, model, known, picked } = props;
  const alpha = picked?.alpha ?? (weights.some((w) => w > 0) ? toMixture(weights) : weights);
  const nearest = picked ? null : nearestMeasured(known, alpha);
  return (
    <>
      {model && (
        <div>
          ◇ <b className={classes.tipValue}>{text(predictedEstimate(model, alpha))}</b> predicted{" "}
          <span className={classes.tipNote}>(GP, LOO ρ {correlation(model.loo.rho)})</span>
        </div>
      )}
      {picked?.estimate && (
        <div>
          ● <b>{text(picked.estimate)}</b> measured
        </div>
      )}
      {picked && <div className={classes.tipNote}>{picked.name} · click to go there</div>}
      {nearest?.known.estimate && (
        <div className={classes.tipNote}>
          nearest measured {text(nearest.known.estimate)}, {sharePercent(nearest.distance)} % away
        </div>
      )}
      {!model && !picked && !nearest && <div className={classes.tipNote}>nothing measured yet</div>}
    </>
  );
}
