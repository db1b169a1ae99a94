import { Button } from "@mantine/core";
import { useController } from "../../state/controller-context";
import { useTasks } from "../../state/tasks-store";
import { count } from "../../ui/format";
import { Section } from "../../ui/Section";
import classes from "./TasksPage.module.css";

/** Task sets that were used in this browser. */
export function SavedTaskSets() {
  const { tasks } = useController();
  const saved = useTasks((s) => s.saved);
  if (saved.length === 0) return null;
  return (
    <Section title="Kept in this browser">
      <ul className={classes.saved} aria-label="Saved task sets">
        {saved.map((set) => (
          <li key={set.id}>
            <div>
              <strong>{set.name}</strong>
              <span className={classes.quiet}>
                {set.tasks} {set.tasks === 1 ? "task" : "tasks"}, {count(set.items)} items ·{" "}
                {new Date(set.savedAt).toLocaleString("en")}
              </span>
            </div>
            <Button fw={500} size="compact-xs" variant="default" onClick={() => tasks.openSaved(set)}>
              Open<span className={classes.hidden}> {set.name}</span>
            </Button>
            <Button fw={500} size="compact-xs" variant="default" onClick={() => void tasks.forget(set.id)}>
              Delete<span className={classes.hidden}> {set.name}</span>
            </Button>
          </li>
        ))}
      </ul>
      <p className={classes.quiet}>Deleting one keeps its measurements.</p>
    </Section>
  );
}
