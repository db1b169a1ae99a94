import { openDialog } from "../state/dialogs";
import { useView } from "../state/view-store";
import { useLoadedSet, useWorkbench } from "../state/workbench-store";
import { InfoChip, type Tone } from "./InfoChip";
import classes from "./InfoChip.module.css";

const shown = (delta: number) => (delta * 100).toFixed(1);

/** The open set and how far its components moved from the base, once the weights are read. */
export function SetChip() {
  const { spec } = useLoadedSet();
  const engine = useWorkbench((s) => s.engine);
  const go = useView((s) => s.go);
  const health = engine.phase === "ready" ? engine.opened.set.health : null;
  const largest = health ? Math.max(...health.map((h) => h.delta)) : null;
  const tone: Tone = largest === null ? "none" : largest > 0.1 ? "warn" : "good";
  return (
    <InfoChip
      tone={tone}
      about="The component set"
      testId="set-chip"
      label={
        <>
          {spec.name}
          <span className={classes.extra}> · {spec.components.length} components</span>
          {largest !== null && ` · δ ≤ ${shown(largest)} %`}
        </>
      }
    >
      <h2>{spec.name}</h2>
      <p className={classes.quiet}>
        One base, {spec.components.length} components trained further from it on β = {spec.beta} general data
        and the rest of their own.
      </p>
      {health ? (
        <table>
          <thead>
            <tr>
              <th scope="col">component</th>
              <th scope="col">update δ</th>
            </tr>
          </thead>
          <tbody>
            {spec.components.map((c, i) => (
              <tr key={c.id}>
                <td>{c.label}</td>
                <td>{health[i] ? `${shown(health[i].delta)} %` : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className={classes.quiet}>δ is known when the engine has read the weights.</p>
      )}
      <button type="button" className={classes.link} onClick={() => go("set")}>
        May I trust merging here?
      </button>
      <button type="button" className={classes.link} onClick={() => openDialog("open-set")}>
        Open another set
      </button>
    </InfoChip>
  );
}
