import { IconAlertTriangle } from "@tabler/icons-react";
import classes from "./SetPage.module.css";

/** What the set check found: nothing of it forbids merging, all of it is worth knowing. */
export function Findings({ warnings }: { readonly warnings: readonly string[] }) {
  return (
    <section className={`${classes.section} ${classes.wide}`} aria-labelledby="findings">
      <h2 id="findings">Found by the set check</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled list must be reachable by keyboard */}
      <ul className={classes.findings} tabIndex={0} aria-labelledby="findings">
        {warnings.map((warning) => (
          <li key={warning}>
            <IconAlertTriangle size={15} aria-hidden="true" />
            <span>{warning}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
