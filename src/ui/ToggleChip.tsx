import type { ReactNode } from "react";
import classes from "./ToggleChip.module.css";

/** A small on/off button. */
export function ToggleChip(props: {
  readonly on: boolean;
  readonly onToggle: () => void;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={classes.chip}
      aria-pressed={props.on}
      title={props.title}
      onClick={props.onToggle}
    >
      {props.children}
    </button>
  );
}
