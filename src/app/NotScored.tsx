import { sentence } from "../core/result";
import { openDialog } from "../state/dialogs";
import { useView } from "../state/view-store";
import { useLoadedSet } from "../state/workbench-store";
import classes from "./PageFrame.module.css";

/** Stands for the pages that need scores, on a set that cannot be scored here: why, and what can be done. */
export function NotScored() {
  const { spec, unscored } = useLoadedSet();
  const go = useView((s) => s.go);
  if (!unscored) return null;
  return (
    <section className={classes.failed} data-tone="calm">
      <h1>{spec.name} is not scored here</h1>
      <p>{sentence(unscored)}</p>
      <p>
        Its health is on the Set page: how far the components moved, and whether their merges may be trusted.
        The Recipe page merges any mixture and writes the model out.
      </p>
      <div className={classes.actions}>
        <button type="button" onClick={() => go("set")}>
          Look at its health
        </button>
        <button type="button" onClick={() => go("recipe")}>
          Merge and write it out
        </button>
        <button type="button" onClick={() => go("tasks")}>
          Look at its tasks
        </button>
        <button type="button" onClick={() => openDialog("open-set")}>
          Open another set
        </button>
      </div>
    </section>
  );
}
