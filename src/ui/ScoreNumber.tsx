import type { Estimate } from "../core/scoring/measurement";
import { MISSING, spoken, withInterval } from "./format";
import classes from "./ScoreNumber.module.css";

/** A score in percent with half its interval, in tabular figures; read aloud as "plus or minus". */
export function ScoreNumber(props: {
  readonly estimate: Estimate | null;
  readonly kind: "predicted" | "measured" | "difference";
  readonly strong?: boolean;
}) {
  const { estimate, kind, strong = false } = props;
  if (!estimate || !Number.isFinite(estimate.value)) {
    return (
      <span className={classes.number} data-kind={kind}>
        <span className={classes.value}>{MISSING}</span>
        <span className={classes.half} />
      </span>
    );
  }
  const { value, half } = withInterval(estimate, kind === "difference");
  return (
    <span className={classes.number} data-kind={kind} data-strong={strong}>
      <span className={classes.value} aria-hidden="true">
        {value}
      </span>
      <span className={classes.half} aria-hidden="true">
        {half}
      </span>
      <span className={classes.spoken}>{spoken(estimate)}</span>
    </span>
  );
}
