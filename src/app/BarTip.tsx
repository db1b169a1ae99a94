import { percent } from "../core/mixture/mixture";
import { useLoadedSet } from "../state/workbench-store";
import { componentColor } from "../ui/colors";
import { withInterval } from "../ui/format";
import { itemWords, originWords } from "./bar-words";
import classes from "./JournalStrip.module.css";
import type { JournalBar } from "./journal-bars";

const TIP_WIDTH = 250;

/** What a bar of the journal stands for. */
export function BarTip(props: {
  readonly bar: JournalBar;
  readonly label: string;
  /** Centre of the bar from the strip's left edge, in pixels. */
  readonly left: number;
  readonly width: number;
}) {
  const { spec } = useLoadedSet();
  const { bar, label, width } = props;
  const { subject } = bar.measurement.key;
  const { value, half } = withInterval(bar.estimate);
  const left = Math.min(Math.max(0, props.left - TIP_WIDTH / 2), Math.max(0, width - TIP_WIDTH));
  return (
    <div className={classes.tip} style={{ left, width: TIP_WIDTH }} role="presentation">
      <div className={classes.tipHead}>
        <span>{label}</span>
        <span>
          <strong>{value}</strong> {half}
        </span>
      </div>
      {subject.kind === "base" ? (
        <p>The base, before any component</p>
      ) : (
        <ul>
          {subject.alpha.map((a, i) =>
            a === 0 ? null : (
              <li key={spec.components[i]?.id ?? i}>
                <span className={classes.swatch} style={{ background: componentColor(i) }} />
                {spec.components[i]?.label}
                <span>{percent(a)}</span>
              </li>
            ),
          )}
        </ul>
      )}
      <p>
        {itemWords(bar)} · {originWords(bar)}
        {subject.kind === "mixture" && " · click returns to it"}
      </p>
    </div>
  );
}
