import { bytes } from "./amounts";
import { count } from "./format";
import classes from "./ProgressLine.module.css";
import { duration } from "./quantity";

export interface ProgressNumbers {
  readonly done: number;
  readonly total: number;
  /** "bytes" are shown with their size. */
  readonly unit: string;
  readonly what: string;
}

/** Done, total, rate and time left of something long, and a button that ends it. Null progress: it has only begun. */
export function ProgressLine(props: {
  /** What goes on, in one or two words; the accessible name. */
  readonly label: string;
  readonly progress: ProgressNumbers | null;
  /** Milliseconds since the page's time origin; without it neither rate nor time left is shown. */
  readonly startedAt?: number;
  readonly onCancel?: () => void;
}) {
  const { label, progress, startedAt, onCancel } = props;
  const seconds = startedAt === undefined ? 0 : (performance.now() - startedAt) / 1000;
  const rate = progress && seconds > 0.5 ? progress.done / seconds : 0;
  const left = progress && rate > 0 ? (progress.total - progress.done) / rate : Number.NaN;
  return (
    <div className={classes.line} data-testid="progress">
      <div className={classes.words}>
        <strong>{label}</strong>
        <span>{progress ? amountWords(progress) : ""}</span>
        <span className={classes.what}>{progress?.what}</span>
        {rate > 0 && (
          <span className={classes.rate}>
            {progress?.unit === "bytes" ? `${bytes(rate)}/s · ` : ""}
            {duration(left)} left
          </span>
        )}
      </div>
      <div className={classes.row}>
        <progress aria-label={label} max={progress?.total} value={progress?.done} className={classes.bar} />
        {onCancel && (
          <button type="button" className={classes.cancel} onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </div>
  );
}

function amountWords({ done, total, unit }: ProgressNumbers): string {
  if (unit === "bytes") return `${bytes(done)} of ${bytes(total)}`;
  return `${count(done)} of ${count(total)} ${unit}`;
}
