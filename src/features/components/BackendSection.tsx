import { useWorkbench } from "../../state/workbench-store";
import classes from "./SetPage.module.css";

/** What computes, why, and the self-test of every backend that was tried. */
export function BackendSection() {
  const engine = useWorkbench((s) => s.engine);
  if (engine.phase !== "ready" && engine.phase !== "opening") return null;
  const { backend } = engine;
  return (
    <section className={classes.section}>
      <h2>Backend and self-test</h2>
      <p>
        <strong>
          {backend.kind}
          {backend.kind !== "webgpu" &&
            `, ${backend.threads} ${backend.threads === 1 ? "thread" : "threads"}`}
        </strong>
        {backend.adapter && ` (${backend.adapter})`}. {backend.reason}
      </p>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">tried</th>
              <th scope="col">verdict</th>
              <th scope="col" title="Largest difference to known log-probabilities">
                error, nats
              </th>
              <th scope="col">allowed</th>
              <th scope="col">detail</th>
            </tr>
          </thead>
          <tbody>
            {backend.selfTests.map((test) => (
              <tr key={`${test.backend} ${test.detail}`}>
                <th scope="row">{test.backend}</th>
                <td>
                  <span className={classes.grade} data-grade={test.passed ? "good" : "poor"}>
                    {test.passed ? "passed" : "failed"}
                  </span>
                </td>
                <td>{Number.isFinite(test.largestError) ? test.largestError.toExponential(1) : "–"}</td>
                <td>{test.tolerance}</td>
                <td className={classes.quiet}>{test.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.quiet}>
        {Object.entries(backend.versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(" · ")}
      </p>
    </section>
  );
}
