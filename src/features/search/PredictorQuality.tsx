import { useMemo } from "react";
import { targetsOf } from "../../core/scoring/score-table";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { correlation, points } from "../../ui/format";
import { Section } from "../../ui/Section";
import classes from "./PredictorQuality.module.css";

/** Leave-one-out quality of the fitted predictor, macro and per domain. */
export function PredictorQuality() {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const fitted = useWorkbench((s) => s.fitted);
  const problem = useWorkbench((s) => s.fitProblem);
  const targets = useMemo(() => targetsOf(layout).filter((t) => t.kind !== "task"), [layout]);
  const models = fitted?.view === view ? fitted.surface.models : null;
  return (
    <Section
      title="How well the predictor predicts"
      aside={models ? `left-out one by one, n ${fitted?.rows ?? 0}` : ""}
    >
      {models ? (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{view} scores</th>
              <th scope="col">ρ</th>
              <th scope="col">error</th>
              <th scope="col" title="Share of left-out values inside their 95 % predictive interval">
                in 95 %
              </th>
            </tr>
          </thead>
          <tbody>
            {targets.map(({ id, label }) => {
              const loo = models[id]?.loo;
              return (
                <tr key={id}>
                  <th scope="row">{label}</th>
                  <td>{loo ? correlation(loo.rho) : "–"}</td>
                  <td>{loo ? `±${points(loo.rmse)}` : "–"}</td>
                  <td>{loo ? `${Math.round(loo.coverage * 100)} %` : "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : (
        <p className={classes.none}>{problem?.message ?? "Not fitted yet."}</p>
      )}
    </Section>
  );
}
