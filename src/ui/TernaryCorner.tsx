import type { CSSProperties } from "react";
import classes from "./TernaryPlot.module.css";

export interface CornerOption {
  readonly label: string;
  readonly color: string;
}

/** A corner's name as a menu of all components. */
export function TernaryCorner(props: {
  readonly place: "top" | "left" | "right";
  readonly value: number;
  readonly options: readonly CornerOption[];
  readonly onChange: (component: number) => void;
  readonly style: CSSProperties;
}) {
  const { place, value, options, onChange, style } = props;
  return (
    <label className={classes.corner} data-place={place} style={style}>
      <span className={classes.swatch} style={{ background: options[value]?.color }} />
      <span aria-hidden="true">{options[value]?.label} ▾</span>
      <select
        aria-label={`Component at the ${place} corner`}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      >
        {options.map((option, i) => (
          <option key={option.label} value={i}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
