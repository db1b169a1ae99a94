import { deltaPercent } from "../../ui/amounts";
import { scoreColor } from "../../ui/colors";
import classes from "./SetPage.module.css";

const STOPS = [0, 0.2, 0.4, 0.6, 0.8, 1].map(scoreColor).join(", ");

/** Colours of the heat map from 0 to its largest value. */
export function HeatLegend({ largest }: { readonly largest: number }) {
  return (
    <div className={classes.legend}>
      <span>0 %</span>
      <span className={classes.ramp} style={{ background: `linear-gradient(to right, ${STOPS})` }} />
      <span>{deltaPercent(largest)}</span>
    </div>
  );
}
