import { sentence } from "../core/result";
import { useController } from "../state/controller-context";
import { openDialog } from "../state/dialogs";
import { useOpening } from "../state/opening-store";
import { useWorkbench } from "../state/workbench-store";
import classes from "./PageFrame.module.css";

/** Nothing can be shown without a set: says why it did not open, and what can be opened. */
export function SetFailed() {
  const status = useWorkbench((s) => s.set);
  const file = useOpening((s) => s.file);
  const { sets } = useController();
  if (status.phase !== "failed") return null;
  const { problem, recent } = status;
  const again = () => void (recent ? sets.openRecent(recent) : sets.openDemo());
  const choosing = file !== null && recent !== undefined;
  return (
    <section className={classes.failed} role="alert">
      <h1>{recent ? `“${recent.name}” was open` : "The component set did not open"}</h1>
      <p>{sentence(problem)}</p>
      <div className={classes.actions}>
        {choosing ? (
          <button type="button" onClick={() => openDialog("open-set")}>
            Choose its folders
          </button>
        ) : (
          <button type="button" onClick={again}>
            Open it again
          </button>
        )}
        {!choosing && (
          <button type="button" onClick={() => openDialog("open-set")}>
            Open another set
          </button>
        )}
        {recent && (
          <button type="button" onClick={() => void sets.openDemo()}>
            Open the demo set
          </button>
        )}
        <button type="button" onClick={() => location.reload()}>
          Reload the workbench
        </button>
      </div>
    </section>
  );
}
