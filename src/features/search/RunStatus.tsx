import { Button, Progress } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconX } from "@tabler/icons-react";
import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { useSearch } from "../../state/search-store";
import { duration } from "../../ui/quantity";
import classes from "./RunStatus.module.css";

/** Where the search stands: done, total, rate, time left, and what it does now. */
export function RunStatus() {
  const controller = useController();
  const { phase, doing, round, points, total, plan, secondsPerProxy, problem, recommended } = useSearch();
  if (phase === "idle") return null;
  const done = points.length;
  const left = secondsPerProxy === null ? null : secondsPerProxy * (total - done);
  const settled = phase === "finished" && done === 0;
  return (
    <div className={classes.status}>
      <div className={classes.line}>
        <strong role="status">
          {phase === "running" && `Round ${Math.min(round + 1, plan.rounds.length)} of ${plan.rounds.length}`}
          {phase === "paused" && "Paused"}
          {phase === "finished" && "Finished"}
          {phase === "failed" && "Stopped"}
        </strong>
        <span>{settled ? `${total} proxies` : `${done} of ${total} proxies`}</span>
      </div>
      <Progress
        value={settled ? 100 : (100 * done) / Math.max(1, total)}
        color={phase === "failed" ? "red" : phase === "finished" ? "teal" : "blue"}
        aria-label="Proxies measured"
      />
      {phase !== "finished" && (
        <div className={classes.line}>
          <span>{doing || (phase === "paused" ? "nothing is being measured" : "")}</span>
          <span>
            {phase === "running" && secondsPerProxy !== null
              ? `${secondsPerProxy.toFixed(1)} s a proxy · ${duration(left ?? Number.NaN)} left`
              : ""}
          </span>
        </div>
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          {sentence(problem)}
        </p>
      )}
      <div className={classes.buttons}>
        {phase === "running" && (
          <Button
            fw={500}
            size="compact-sm"
            variant="default"
            onClick={controller.pauseSearch}
            leftSection={<IconPlayerPause size={14} aria-hidden="true" />}
          >
            Pause
          </Button>
        )}
        {(phase === "paused" || phase === "failed") && (
          <Button
            fw={500}
            size="compact-sm"
            onClick={controller.resumeSearch}
            leftSection={<IconPlayerPlay size={14} aria-hidden="true" />}
          >
            {phase === "failed" ? "Try again" : "Resume"}
          </Button>
        )}
        {phase === "finished" && recommended && points.length === 0 && (
          <Button fw={500} size="compact-sm" variant="default" onClick={controller.resumeSearch}>
            Show its course from the journal
          </Button>
        )}
        {phase !== "finished" && (
          <Button
            fw={500}
            size="compact-sm"
            variant="default"
            onClick={controller.cancelSearch}
            leftSection={<IconX size={14} aria-hidden="true" />}
          >
            Cancel
          </Button>
        )}
      </div>
      {phase !== "finished" && (
        <p className={classes.safe}>
          Closing the tab is safe: every measurement is journalled, and the search resumes from there.
        </p>
      )}
    </div>
  );
}
