import { componentColor } from "./colors";
import { sharePercent } from "./format";
import classes from "./MiniMix.module.css";

/** A mixture in words: "general 22.0, code high 34.0 percent". */
export const mixText = (shares: readonly number[], labels: readonly string[]): string =>
  `${shares.map((s, i) => `${labels[i]} ${sharePercent(s)}`).join(", ")} percent`;

/** A mixture as a small bar without text; its shares stand in its accessible name and its tooltip. */
export function MiniMix(props: {
  readonly shares: readonly number[];
  readonly labels: readonly string[];
  readonly width?: number | string;
}) {
  const { shares, labels, width = 84 } = props;
  const text = mixText(shares, labels);
  return (
    <span role="img" aria-label={text} title={text} className={classes.mix} style={{ width }}>
      {shares.map((share, i) => (
        <span key={labels[i]} style={{ width: `${share * 100}%`, background: componentColor(i) }} />
      ))}
    </span>
  );
}
