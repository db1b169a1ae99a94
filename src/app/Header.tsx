import { useWorkbench } from "../state/workbench-store";
import { BackendChip } from "./BackendChip";
import classes from "./Header.module.css";
import { HelpMenu } from "./HelpMenu";
import { MeasuringStatus } from "./MeasuringStatus";
import { SchemeToggle } from "./SchemeToggle";
import { SetChip } from "./SetChip";
import { ShareButton } from "./ShareButton";
import { TasksChip } from "./TasksChip";

export function Header() {
  const ready = useWorkbench((s) => s.set.phase === "ready");
  const scored = useWorkbench((s) => s.set.phase === "ready" && s.set.set.unscored === null);
  return (
    <header className={classes.header}>
      <span className={classes.brand}>
        DeMix <span>Workbench</span>
      </span>
      {ready && (
        <div className={classes.chips}>
          <SetChip />
          <BackendChip />
          {scored && <TasksChip />}
        </div>
      )}
      <div className={classes.tools}>
        {ready && <MeasuringStatus />}
        {ready && <ShareButton />}
        <SchemeToggle />
        <HelpMenu />
      </div>
    </header>
  );
}
