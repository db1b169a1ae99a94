import { useMemo } from "react";
import type { Mixture } from "../../core/mixture/mixture";
import type { Estimate, Measurement } from "../../core/scoring/measurement";
import { METRICS } from "../../core/scoring/metrics";
import { pairedDifference, tied } from "../../core/scoring/paired";
import type { ScoreTable } from "../../core/scoring/score-table";
import { predictedEstimate, useTargets } from "../../state/hooks";
import { tableOf } from "../../state/tables";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { ScoreNumber } from "../../ui/ScoreNumber";
import classes from "./RecipeTables.module.css";

/** Score of every benchmark, domain and the macro average, measured or (labelled) predicted, against the base. */
export function ScoresTable(props: {
  readonly alpha: Mixture;
  readonly record: Measurement | null;
  readonly base: Measurement | null;
  /** False where the predictor speaks of another merge method. */
  readonly predicts: boolean;
}) {
  const { alpha, record, base, predicts } = props;
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const fitted = useWorkbench((s) => s.fitted);
  const targets = useTargets();
  const measured = record && tableOf(layout, record.scores, view);
  const baseTable = base && tableOf(layout, base.scores, view);
  const difference = useMemo<ScoreTable | null>(
    () => (record && base ? pairedDifference(layout, record.scores, base.scores, view) : null),
    [record, base, layout, view],
  );
  const models = predicts && fitted?.view === view ? fitted.surface.models : {};
  return (
    <table className={`${classes.table} ${classes.scores}`}>
      <thead>
        <tr>
          <th scope="col">{view === "continuous" ? "continuous scores, %" : "accuracy scores, %"}</th>
          <th scope="col">{record ? "● measured" : "◇ predicted"}</th>
          <th scope="col">base</th>
          <th scope="col">against base</th>
        </tr>
      </thead>
      <tbody>
        {targets.map((target) => {
          const { id, label, kind, metrics } = target;
          const model = models[id];
          const score = measured ? (measured[id] ?? null) : model ? predictedEstimate(model, alpha) : null;
          return (
            <tr key={id} data-kind={kind}>
              <th
                scope="row"
                title={metrics && `${METRICS[metrics[view]].label}: ${METRICS[metrics[view]].about}`}
              >
                {label}
                {metrics && `: ${METRICS[metrics[view]].label}`}
              </th>
              <td>
                <ScoreNumber estimate={score} kind={measured ? "measured" : "predicted"} />
              </td>
              <td>
                <ScoreNumber estimate={baseTable?.[id] ?? null} kind="measured" />
              </td>
              <td>{difference?.[id] ? <Difference estimate={difference[id]} /> : "–"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Difference({ estimate }: { readonly estimate: Estimate }) {
  const word = tied(estimate) ? "tied" : estimate.value > 0 ? "better" : "worse";
  return (
    <span className={classes.word} data-word={word}>
      {word} <ScoreNumber estimate={estimate} kind="difference" />
    </span>
  );
}
