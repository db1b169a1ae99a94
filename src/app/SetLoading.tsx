import { useController } from "../state/controller-context";
import { useWorkbench } from "../state/workbench-store";
import { ProgressLine } from "../ui/ProgressLine";
import classes from "./PageFrame.module.css";

export function SetLoading() {
  const status = useWorkbench((s) => s.set);
  const { sets } = useController();
  if (status.phase !== "loading" || !status.name) {
    return (
      <p className={classes.opening} role="status">
        Opening the component set …
      </p>
    );
  }
  return (
    <div className={classes.opening} role="status">
      <ProgressLine
        label={`Opening ${status.name}`}
        progress={status.progress}
        onCancel={() => sets.cancel()}
      />
    </div>
  );
}
