import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { countItems } from "../../state/task-draft";
import { useTasks } from "../../state/tasks-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { download } from "../../ui/download";
import { count } from "../../ui/format";
import { Section } from "../../ui/Section";
import { DraftTable } from "./DraftTable";
import { DropFiles } from "./DropFiles";
import { SavedTaskSets } from "./SavedTaskSets";
import classes from "./TasksPage.module.css";

/** The task set in use or in the making, and the files that go into it. */
export function TaskSetPanel() {
  const { draft, inUse } = useTasks();
  return (
    <div className={classes.setPanel}>
      <div className={classes.column}>
        <Section title="Task set" aside={<SaveFile />}>
          <NameAndUse />
          {draft.tasks.length > 0 ? (
            <DraftTable draft={draft} />
          ) : (
            <p className={classes.quiet}>
              {inUse.state === "unknown"
                ? sentence(inUse.problem)
                : inUse.state === "reading"
                  ? "The tasks in use are being read …"
                  : "No task yet: drop a benchmark file."}
            </p>
          )}
        </Section>
      </div>
      <div className={classes.column}>
        <DropFiles />
        <SavedTaskSets />
      </div>
    </div>
  );
}

function NameAndUse() {
  const { tasks } = useController();
  const { draft, isInUse, applying, problem } = useTasks();
  const { own, unscored } = useLoadedSet();
  const ready = useWorkbench((s) => s.engine.phase === "ready");
  const used = draft.tasks.filter((t) => t.used);
  const items = used.reduce((n, t) => n + countItems(t), 0);
  return (
    <>
      <div className={classes.useRow}>
        <label>
          name{" "}
          <input
            className={classes.nameField}
            value={draft.name}
            maxLength={80}
            spellCheck={false}
            onChange={(event) => tasks.change((d) => ({ ...d, name: event.target.value }))}
          />
        </label>
        <span className={classes.quiet} data-testid="draft-size">
          {used.length} {used.length === 1 ? "task" : "tasks"}, {count(items)} items
        </span>
        <span className={classes.grow} />
        {isInUse ? (
          <strong className={classes.inUse} data-testid="tasks-state">
            In use: mixtures are measured on these
          </strong>
        ) : (
          <>
            <span className={classes.changed} data-testid="tasks-state">
              Not in use yet
            </span>
            <Button
              fw={500}
              size="compact-sm"
              disabled={!ready || applying || used.length === 0 || draft.name.trim() === ""}
              title={ready ? undefined : "The engine is still opening the set"}
              onClick={() => void tasks.applyDraft()}
            >
              {applying ? "Preparing the items …" : "Use these tasks"}
            </Button>
            <Button fw={500} size="compact-sm" variant="default" onClick={() => void tasks.revert()}>
              Back to those in use
            </Button>
          </>
        )}
        {own && !own.unscored && (
          <Button
            fw={500}
            size="compact-sm"
            variant="default"
            disabled={!ready || applying}
            onClick={() => void tasks.applyOwn()}
          >
            Use the set's own tasks
          </Button>
        )}
      </div>
      {!isInUse && (
        <p className={classes.quiet}>
          Scores of other tasks are other measurements: journal, fits, search and ranks follow the tasks in
          use. What was measured on the present ones is kept and comes back with them.
        </p>
      )}
      {unscored && <p className={classes.problem}>{sentence(unscored)}</p>}
      {problem && (
        <p className={classes.problem} role="alert">
          {sentence(problem)}
        </p>
      )}
    </>
  );
}

function SaveFile() {
  const { tasks } = useController();
  const name = useTasks((s) => s.draft.name);
  const empty = useTasks((s) => s.draft.tasks.length === 0);
  const stem =
    name
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .toLowerCase() || "tasks";
  return (
    <Button
      fw={500}
      size="compact-xs"
      variant="default"
      disabled={empty}
      leftSection={<IconDownload size={14} aria-hidden="true" />}
      title="Tasks with their items in one file; drop it here to open it again"
      onClick={() =>
        void tasks.text().then((text) => text && download(`${stem}.tasks.json`, [text], "application/json"))
      }
    >
      Save as a file
    </Button>
  );
}
