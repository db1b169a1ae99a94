import { sentence } from "../core/result";
import { useController } from "../state/controller-context";
import { useWorkbench } from "../state/workbench-store";
import { demoAddress } from "./demo-set";
import classes from "./PageFrame.module.css";

/** Nothing can be shown without a set: says why it did not open, and tries again. */
export function SetFailed() {
  const status = useWorkbench((s) => s.set);
  const controller = useController();
  if (status.phase !== "failed") return null;
  const again = () => void controller.openShipped(demoAddress()).then(() => controller.warmUp());
  return (
    <section className={classes.failed} role="alert">
      <h1>The component set did not open</h1>
      <p>{sentence(status.problem)}</p>
      <div className={classes.actions}>
        <button type="button" onClick={again}>
          Open it again
        </button>
        <button type="button" onClick={() => location.reload()}>
          Reload the workbench
        </button>
      </div>
    </section>
  );
}
