import classes from "./App.module.css";
import { useAnnouncer } from "./announcer";

/** Read out by screen readers when it changes, never seen. */
export function LiveRegion() {
  const { text, count } = useAnnouncer();
  return (
    <div className={classes.hidden} role="status" aria-live="polite" data-count={count}>
      {text}
    </div>
  );
}
