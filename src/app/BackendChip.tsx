import { sentence } from "../core/result";
import type { BackendInfo } from "../protocol/engine-protocol";
import { useController } from "../state/controller-context";
import { useWorkbench } from "../state/workbench-store";
import { backendName, engineLine } from "./engine-words";
import { InfoChip } from "./InfoChip";
import classes from "./InfoChip.module.css";

/** What computes, whether it computes right, and why this backend and no faster one. */
export function BackendChip() {
  const engine = useWorkbench((s) => s.engine);
  const controller = useController();
  const { text, tone } = engineLine(engine);
  const backend = engine.phase === "ready" || engine.phase === "opening" ? engine.backend : null;
  return (
    <InfoChip tone={tone} about="The engine" label={text} testId="backend-chip">
      {backend && <BackendDetails backend={backend} />}
      {engine.phase === "opening" && engine.progress && (
        <p className={classes.quiet}>
          {engine.progress.done} of {engine.progress.total} {engine.progress.unit}: {engine.progress.what}
        </p>
      )}
      {(engine.phase === "off" || engine.phase === "starting") && (
        <p className={classes.quiet}>
          Predictions from shipped measurements work already; the engine starts behind them.
        </p>
      )}
      {engine.phase === "failed" && (
        <>
          <p>{sentence(engine.problem)}</p>
          <p className={classes.quiet}>Predictions from the journal go on working.</p>
          <button type="button" className={classes.link} onClick={() => void controller.warmUp()}>
            Start the engine again
          </button>
        </>
      )}
    </InfoChip>
  );
}

function BackendDetails({ backend }: { readonly backend: BackendInfo }) {
  return (
    <>
      <h2>{backendName(backend)}</h2>
      <p>{backend.reason}</p>
      {backend.adapter && <p className={classes.quiet}>{backend.adapter}</p>}
      <table>
        <thead>
          <tr>
            <th scope="col">self-test</th>
            <th scope="col">largest error</th>
            <th scope="col">allowed</th>
          </tr>
        </thead>
        <tbody>
          {backend.selfTests.map((test) => (
            <tr key={test.backend} title={test.detail}>
              <td>
                {test.passed ? "✓" : "✗"} {test.backend} {test.passed ? "passed" : "failed"}
              </td>
              <td>{Number.isFinite(test.largestError) ? test.largestError.toExponential(1) : "–"}</td>
              <td>{test.tolerance}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.quiet}>
        Nats, against known log-probabilities.{" "}
        {Object.entries(backend.versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(" · ")}
      </p>
    </>
  );
}
