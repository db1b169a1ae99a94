import { IconX } from "@tabler/icons-react";
import { type Problem, sentence } from "../core/result";
import { useController } from "../state/controller-context";
import { useView } from "../state/view-store";
import { dismissNotice, useWorkbench } from "../state/workbench-store";
import classes from "./Notices.module.css";

/** At most this many stand at once; the rest are counted. */
const SHOWN = 3;

interface Remedy {
  readonly label: string;
  readonly run: () => void;
}

const RELOAD: Remedy = { label: "Reload", run: () => location.reload() };

/** What went wrong and was survived, newest last, each with its remedy as a button where there is one. */
export function Notices() {
  const notices = useWorkbench((s) => s.notices);
  const engine = useWorkbench((s) => s.engine);
  const page = useView((s) => s.page);
  const controller = useController();
  const shown = notices.slice(-SHOWN);
  const hidden = notices.length - shown.length;
  const dismissAll = () => {
    for (const { id } of notices) dismissNotice(id);
  };
  return (
    <section className={classes.stack} aria-label="Notices" aria-live="polite">
      {hidden > 0 && (
        <div className={classes.more}>
          {hidden} more
          <button type="button" onClick={dismissAll}>
            Dismiss all
          </button>
        </div>
      )}
      {shown.map(({ id, problem }) => (
        <Notice
          key={id}
          problem={problem}
          remedy={problem.kind === "network" ? RELOAD : null}
          onDismiss={() => dismissNotice(id)}
        />
      ))}
      {engine.phase === "failed" && page !== "set" && (
        <Notice
          problem={engine.problem}
          remedy={{ label: "Start the engine again", run: () => void controller.warmUp() }}
        />
      )}
    </section>
  );
}

function Notice(props: {
  readonly problem: Problem;
  readonly remedy: Remedy | null;
  readonly onDismiss?: () => void;
}) {
  return (
    <div className={classes.notice} data-kind={props.problem.kind} data-testid="notice">
      <p>{sentence(props.problem)}</p>
      {props.remedy && (
        <button type="button" className={classes.remedy} onClick={props.remedy.run}>
          {props.remedy.label}
        </button>
      )}
      {props.onDismiss && (
        <button type="button" className={classes.close} aria-label="Dismiss" onClick={props.onDismiss}>
          <IconX size={15} aria-hidden />
        </button>
      )}
    </div>
  );
}
