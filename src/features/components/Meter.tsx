import classes from "./SetPage.module.css";

/** How full something is. */
export function Meter(props: { readonly label: string; readonly value: number; readonly max: number }) {
  return (
    <meter
      className={classes.meter}
      aria-label={props.label}
      min={0}
      max={props.max}
      value={Math.min(props.value, props.max)}
    />
  );
}
