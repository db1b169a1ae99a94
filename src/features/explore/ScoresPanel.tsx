import { memo } from "react";
import { useBaseMeasured, useTargets } from "../../state/hooks";
import { Comparison } from "./Comparison";
import classes from "./ExplorePage.module.css";
import { MeasureStatus } from "./MeasureStatus";
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
        <span className={classes.markPredicted}>◇ predicted</span>
        <span>● measured</span>
        {base && <span className={classes.markBase}>┃ base</span>}
        <span className={classes.markBest}>┊ best so far</span>
      </p>
      <ul className={classes.rows} aria-label="Scores of this mixture">
        {targets.map((target) => (
          <TargetRow key={target.id} target={target} base={base?.table[target.id] ?? null} />
        ))}
      </ul>
      <Comparison />
    </section>
  );
});
