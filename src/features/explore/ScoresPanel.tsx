import { memo } from "react";
import { useBaseMeasured, useModel, useTargets } from "../../state/hooks";
import { useView } from "../../state/view-store";
import { PredictorNote } from "../../ui/PredictorNote";
import { Comparison } from "./Comparison";
import classes from "./ExplorePage.module.css";
import { MeasureStatus } from "./MeasureStatus";
import { PredictorProblem } from "./PredictorProblem";
import { TargetRow } from "./TargetRow";

/** Predicted and measured scores of the mixture under the cursor, row by row, and a paired comparison. */
export const ScoresPanel = memo(function ScoresPanel() {
  const targets = useTargets();
  const base = useBaseMeasured();
  return (
    <section className={classes.panel} aria-label="Scores" data-tour="scores">
      <header className={classes.panelHead}>
        <h2>Scores, %</h2>
        <MeasureStatus />
      </header>
      <p className={classes.marks}>
        <span
          className={classes.markPredicted}
          title="What a measurement on all these items would show, with the predictor's 95 % interval"
        >
          ◇ predicted
        </span>
        <span title="With its 95 % interval for all items of the kind, not only these">● measured</span>
        {base && (
          <span className={classes.markBase} title="The model that every component starts from">
            ┃ base
          </span>
        )}
        <span
          className={classes.markBest}
          title="The highest measured score of each row, over all measured mixtures"
        >
          ┊ best so far
        </span>
      </p>
      <PredictorLine />
      <ul className={classes.rows} aria-label="Scores of this mixture">
        {targets.map((target) => (
          <TargetRow key={target.id} target={target} base={base?.table[target.id] ?? null} />
        ))}
      </ul>
      <Comparison />
    </section>
  );
});

/** How far the predictions can be trusted, for the target that colours the page. */
function PredictorLine() {
  const model = useModel(useView((s) => s.target));
  return (
    <div className={classes.predictor}>{model ? <PredictorNote model={model} /> : <PredictorProblem />}</div>
  );
}
