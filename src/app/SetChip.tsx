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
  const check = useWorkbench((s) => s.health);
  const progress = check.phase === "running" ? check.progress : null;
  const share =
    check.phase !== "running" ? null : progress ? Math.floor((100 * progress.done) / progress.total) : 0;
  const tone: Tone = share !== null ? "busy" : largest === null ? "none" : largest > 0.1 ? "warn" : "good";
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
          {share !== null && ` · checking ${share} %`}
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
        <p className={classes.quiet}>
          {check.phase === "cancelled"
            ? "The health check was cancelled; it can be started again on the Set page."
            : "δ is known when the engine has read all weights."}
        </p>
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
