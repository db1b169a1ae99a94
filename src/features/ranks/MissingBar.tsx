import { Button, Progress } from "@mantine/core";
import type { Mixture } from "../../core/mixture/mixture";
import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { useWorkbench } from "../../state/workbench-store";
import { duration } from "../../ui/quantity";
import { cancelMissing, measureAll, useMissing } from "./measure-missing";
import classes from "./RanksPage.module.css";

/** Says how many merged proxies are not measured yet, and measures them. */
export function MissingBar({
  missing,
  total,
}: {
  readonly missing: readonly Mixture[];
  readonly total: number;
}) {
  const controller = useController();
  const engine = useWorkbench((s) => s.engine.phase);
  const { phase, done, total: planned, seconds, problem } = useMissing();
  if (missing.length === 0 && phase === "idle") return null;
  return (
    <div className={classes.missing} role="status">
      {phase === "running" ? (
        <>
          <span>
            Measuring merged proxies: {done} of {planned}
            {seconds !== null &&
              ` · ${seconds.toFixed(1)} s each · ${duration(seconds * (planned - done))} left`}
          </span>
          <Progress
            value={(100 * done) / Math.max(1, planned)}
            className={classes.progress ?? ""}
            aria-label="Merged proxies measured"
          />
          <Button fw={500} size="compact-sm" variant="default" onClick={cancelMissing}>
            Cancel
          </Button>
        </>
      ) : (
        <>
          <span>
            {missing.length} of {total} merged proxies are not measured yet. Each is kept as it completes.
            {problem && ` ${sentence(problem)}`}
          </span>
          <Button
            fw={500}
            size="compact-sm"
            disabled={engine !== "ready"}
            onClick={() => void measureAll(controller.measureForSearch, missing)}
          >
            {engine === "ready" ? `Measure the missing ${missing.length}` : "The engine is warming up …"}
          </Button>
        </>
      )}
    </div>
  );
}
