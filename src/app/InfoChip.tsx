import { Popover } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./InfoChip.module.css";

export type Tone = "good" | "warn" | "bad" | "busy" | "none";

/** A one-line fact of the header; its details open on click. */
export function InfoChip(props: {
  readonly tone: Tone;
  readonly label: ReactNode;
  /** Accessible name of the details. */
  readonly about: string;
  readonly className?: string;
  readonly testId?: string;
  readonly children: ReactNode;
}) {
  return (
    <Popover position="bottom-start" shadow="md" width={380} withinPortal trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={`${classes.chip} ${props.className ?? ""}`}
          aria-haspopup="dialog"
          data-testid={props.testId}
        >
          {props.tone !== "none" && <span className={classes.dot} data-tone={props.tone} aria-hidden />}
          <span className={classes.text}>{props.label}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.details} aria-label={props.about} tabIndex={-1} data-autofocus>
        {props.children}
      </Popover.Dropdown>
    </Popover>
  );
}
