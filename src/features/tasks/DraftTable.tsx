import { useState } from "react";
import { MODES } from "../../core/benchmarks/modes";
import { useController } from "../../state/controller-context";
import { addDomain, moveTask, renameDomain, type TaskDraft } from "../../state/task-draft";
import { DraftRow } from "./DraftRow";
import classes from "./TasksPage.module.css";

/** The draft's tasks by domain: what counts, where, and how. */
export function DraftTable({ draft }: { readonly draft: TaskDraft }) {
  const { tasks } = useController();
  /** The task for which a new domain is being named. */
  const [naming, setNaming] = useState<string | null>(null);
  const domains = draft.domains.filter((d) => draft.tasks.some((t) => t.spec.domain === d.id));
  const modes = new Set(draft.tasks.flatMap((t) => t.modes));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled table must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="Tasks by domain">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">task</th>
              <th scope="col">domain</th>
              <th scope="col">items</th>
              <th scope="col">accuracy</th>
              <th scope="col">continuous</th>
              <th scope="col">shots</th>
              <th scope="col">scored as</th>
              <th scope="col">
                <span className={classes.hidden}>remove</span>
              </th>
            </tr>
          </thead>
          {domains.map((domain) => (
            <tbody key={domain.id}>
              <tr className={classes.domainRow}>
                <th colSpan={8} scope="rowgroup">
                  <input
                    className={classes.domainField}
                    aria-label={`Name of the domain ${domain.label}`}
                    value={domain.label}
                    maxLength={60}
                    onChange={(event) =>
                      event.target.value !== "" &&
                      tasks.change((d) => renameDomain(d, domain.id, event.target.value))
                    }
                  />
                </th>
              </tr>
              {draft.tasks
                .filter((t) => t.spec.domain === domain.id)
                .map((task) => (
                  <DraftRow key={task.key} task={task} domains={draft.domains} onNewDomain={setNaming} />
                ))}
            </tbody>
          ))}
        </table>
      </section>
      {naming !== null && (
        <NewDomain
          onDone={(label) => {
            if (label)
              tasks.change((d) => {
                const { draft: next, id } = addDomain(d, label);
                return moveTask(next, naming, id);
              });
            setNaming(null);
          }}
        />
      )}
      <p className={classes.quiet}>
        A domain's score is the mean of its tasks, the macro average the mean over domains. Which of the two
        metrics counts is chosen on the Explore page; fewer items are a seeded sample.
      </p>
      {modes.size > 1 && (
        <details className={classes.modes}>
          <summary>What the scoring modes do</summary>
          {[...modes].map((mode) => (
            <p key={mode}>
              <strong>{MODES[mode].label}.</strong> {MODES[mode].about}
            </p>
          ))}
        </details>
      )}
    </>
  );
}

function NewDomain({ onDone }: { readonly onDone: (label: string | null) => void }) {
  const [label, setLabel] = useState("");
  return (
    <form
      className={classes.useRow}
      onSubmit={(event) => {
        event.preventDefault();
        onDone(label.trim() || null);
      }}
    >
      <label>
        new domain{" "}
        <input
          // biome-ignore lint/a11y/noAutofocus: it appears because somebody chose to name one
          autoFocus
          className={classes.nameField}
          value={label}
          maxLength={60}
          onChange={(event) => setLabel(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && onDone(null)}
        />
      </label>
      <button type="submit" className={classes.button} disabled={label.trim() === ""}>
        Add
      </button>
      <button type="button" className={classes.button} onClick={() => onDone(null)}>
        Cancel
      </button>
    </form>
  );
}
