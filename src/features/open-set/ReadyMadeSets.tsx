import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useController } from "../../state/controller-context";
import { closeDialogs } from "../../state/dialogs";
import { useOpening } from "../../state/opening-store";
import { forgetSet } from "../../state/recent-sets";
import classes from "./OpenSet.module.css";

const dateText = (at: number) =>
  new Date(at).toLocaleString("en", { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });

/** The demo set, and what was open in this browser before. */
export function ReadyMadeSets() {
  const { sets } = useController();
  const recents = useOpening((s) => s.recents);
  const current = useOpening((s) => s.current);
  const busy = useOpening((s) => s.opening !== null);
  const demo = () => {
    closeDialogs();
    void sets.openDemo();
  };
  return (
    <section className={classes.panel} aria-labelledby="ready-made">
      <h3 id="ready-made">Ready-made</h3>
      <ul className={classes.sets}>
        <li>
          <div>
            <strong>Demo set</strong>
            <span>five small components, with reference models and measurements</span>
          </div>
          <Button fw={500} size="compact-sm" variant="default" disabled={busy} onClick={demo}>
            Open the demo set
          </Button>
        </li>
        {recents.map((recent) => (
          <li key={recent.id}>
            <div>
              <strong>{recent.name}</strong>
              <span>
                {recent.components} {recent.components === 1 ? "component" : "components"} ·{" "}
                {recent.id === current ? "open now" : `open ${dateText(recent.openedAt)}`}
              </span>
            </div>
            <Button
              fw={500}
              size="compact-sm"
              variant="default"
              disabled={busy}
              aria-label={`Open ${recent.name}`}
              onClick={() => void sets.openRecent(recent)}
            >
              Open
            </Button>
            <button
              type="button"
              className={classes.icon}
              aria-label={`Forget ${recent.name}`}
              title="Forget it here; its measurements stay in the journal"
              onClick={() => void forgetSet(recent.id).then(sets.loadRecents)}
            >
              <IconX size={15} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      {recents.length === 0 && <p className={classes.quiet}>Sets that you open stand here afterwards.</p>}
    </section>
  );
}
