import { scoreColor } from "./colors";
import { points } from "./format";
import classes from "./ScoreLegend.module.css";
import type { ColorRange } from "./ternary-heat";

export interface LegendTick {
  readonly label: string;
  readonly value: number;
  readonly strong?: boolean;
}

const STOPS = Array.from({ length: 13 }, (_, k) => scoreColor(k / 12)).join(", ");

/** The colour map as a bar with its ends and named ticks; a tick outside the range sits at the end, with an arrow. */
export function ScoreLegend(props: {
  readonly range: ColorRange;
  readonly ticks: readonly LegendTick[];
  readonly title: string;
}) {
  const { range, ticks, title } = props;
  const place = (value: number) => (value - range.low) / Math.max(range.high - range.low, 1e-12);
  return (
    <div className={classes.legend} role="img" aria-label={inWords(props)} title={title}>
      <span className={classes.end}>{points(range.high, 1)}</span>
      <div className={classes.bar} style={{ background: `linear-gradient(to top, ${STOPS})` }}>
        {ticks.map(({ label, value, strong }) => {
          const at = place(value);
          if (!Number.isFinite(at)) return null;
          const arrow = at < 0 ? " ↓" : at > 1 ? " ↑" : "";
          return (
            <div
              key={label}
              className={classes.tick}
              data-strong={strong}
              style={{ bottom: `${Math.min(1, Math.max(0, at)) * 100}%` }}
            >
              <span>
                {label}
                {arrow}
              </span>
            </div>
          );
        })}
      </div>
      <span className={classes.end}>
        {range.open ? "≤ " : ""}
        {points(range.low, 1)}
      </span>
    </div>
  );
}

const inWords = ({
  range,
  ticks,
  title,
}: {
  range: ColorRange;
  ticks: readonly LegendTick[];
  title: string;
}) =>
  `${title}: colours from ${range.open ? "at most " : ""}${points(range.low, 1)} (dark) to ${points(range.high, 1)} (light)` +
  ticks.map((t) => `, ${t.label} ${points(t.value)}`).join("");
