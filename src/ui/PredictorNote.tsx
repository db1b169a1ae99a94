import type { GpModel } from "../core/predict/surface";
import { correlation, points } from "./format";
import classes from "./PredictorNote.module.css";

/** What stands beside every use of the predictor: its kind, its measurements, and how well it predicts left-out ones. */
export function PredictorNote({ model }: { readonly model: GpModel }) {
  const { n, rho, rmse, coverage } = model.loo;
  const about =
    `Gaussian process on √α, fitted on ${model.n} measured mixtures. Each of ${n} left out in turn and predicted from the ` +
    `others: Spearman ρ ${correlation(rho)}, root mean squared error ${points(rmse)} points, ` +
    `${Math.round(coverage * 100)} % inside their 95 % interval.`;
  return (
    <span className={classes.note} title={about}>
      GP · n {model.n} · LOO ρ {correlation(rho)}, rmse {points(rmse)}
    </span>
  );
}
