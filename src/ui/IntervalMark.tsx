import type { Estimate } from "../core/scoring/measurement";
import classes from "./IntervalMark.module.css";
import { axisPercent, isOnAxis, type ScoreAxis } from "./score-axis";

export interface IntervalMarkProps {
  readonly axis: ScoreAxis | null;
  readonly predicted: Estimate | null;
  readonly measured: Estimate | null;
  readonly base: number | null;
  readonly best: number | null;
}

/** Predicted (hollow diamond) above measured (dot), each with its interval, and lines for the base and the best so far. */
export function IntervalMark({ axis, predicted, measured, base, best }: IntervalMarkProps) {
  if (!axis) return <div className={classes.mark} />;
  const at = (value: number) => `${axisPercent(axis, value)}%`;
  const interval = (e: Estimate, y: number, className: string | undefined) =>
    Number.isFinite(e.low) && <line x1={at(e.low)} x2={at(e.high)} y1={y} y2={y} className={className} />;
  return (
    <svg className={classes.mark} aria-hidden="true">
      <line x1="0" x2="100%" y1="11" y2="11" className={classes.rail} />
      {base !== null && Number.isFinite(base) && (
        <line
          x1={at(base)}
          x2={at(base)}
          y1="3"
          y2="19"
          className={classes.base}
          data-off={!isOnAxis(axis, base)}
        />
      )}
      {best !== null && Number.isFinite(best) && (
        <line x1={at(best)} x2={at(best)} y1="2" y2="20" className={classes.best} />
      )}
      {measured && Number.isFinite(measured.value) && (
        <>
          {interval(measured, 14.5, classes.measuredLine)}
          <circle cx={at(measured.value)} cy="14.5" r="3.6" className={classes.measured} />
        </>
      )}
      {predicted && (
        <>
          {interval(predicted, 7.5, classes.predictedLine)}
          <svg x={at(predicted.value)} y="7.5" overflow="visible" aria-hidden="true">
            <path d="M0 -4.4 L4.4 0 L0 4.4 L-4.4 0 Z" className={classes.predicted} />
          </svg>
        </>
      )}
    </svg>
  );
}
