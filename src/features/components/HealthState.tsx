import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { useWorkbench } from "../../state/workbench-store";
import { ProgressLine } from "../../ui/ProgressLine";
import { EngineState } from "./EngineState";
import classes from "./SetPage.module.css";

/** Stands where the verdict will be until all weights were read: progress, and a way to stop or start. */
export function HealthState() {
  const { checkHealth, cancelHealth } = useController();
  const ready = useWorkbench((s) => s.engine.phase === "ready");
  const health = useWorkbench((s) => s.health);
  if (!ready) return <EngineState />;
  if (health.phase === "running") {
    return (
      <section className={classes.verdict} role="status">
        <div className={classes.grow}>
          <p className={classes.verdictLine}>Reading all weights …</p>
          <p>
            Update magnitudes, cosines, agreement of signs and checksums come out of one pass. The mixture can
            be set and recipes made meanwhile.
          </p>
          <ProgressLine
            label="Health check"
            progress={health.progress}
            startedAt={health.startedAt}
            onCancel={cancelHealth}
          />
        </div>
      </section>
    );
  }
  const failed = health.phase === "failed" ? health.problem : null;
  return (
    <section
      className={classes.verdict}
      data-grade={failed ? "poor" : undefined}
      role={failed ? "alert" : "status"}
    >
      <div>
        <p className={classes.verdictLine}>
          {failed ? "The weights could not be judged." : "The weights were not read."}
        </p>
        <p>
          {failed
            ? sentence(failed)
            : "How far the components moved is not known, and neither are the checksums by which measurements are kept apart."}
        </p>
        <button type="button" className={classes.button} onClick={() => void checkHealth()}>
          Check the weights
        </button>
      </div>
    </section>
  );
}
