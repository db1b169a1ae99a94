import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

/** Says why there is nothing here, and what to do about it. */
export function EmptyState(props: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className={classes.empty} role="status">
      <p className={classes.title}>{props.title}</p>
      {props.children && <div className={classes.text}>{props.children}</div>}
    </div>
  );
}
