import type { MergeOut } from "../../state/merge-out";
import { bytes } from "../../ui/amounts";
import { duration } from "../../ui/quantity";
import classes from "./MergedModel.module.css";
import { targetName } from "./write-target";

/** What was written: every file with its size and SHA-256. */
export function MergedFiles(props: {
  readonly out: Extract<MergeOut, { phase: "done" }>;
  /** Whether it is the merge that the page shows. */
  readonly current: boolean;
}) {
  const { out, current } = props;
  const { files, seconds } = out.outcome;
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <div className={classes.result} data-testid="merged-files">
      <p role="status">
        <strong>
          {files.length} files, {bytes(total)}, written to {targetName(out.target)}
        </strong>{" "}
        in {duration(seconds)} ({bytes(total / Math.max(seconds, 1e-3))}/s), {out.settings.dtype}
        {out.settings.mergekit ? ", mergekit-compatible" : ""}.{" "}
        {current
          ? "The weight files' hashes stand in the recipe."
          : "The page shows another merge now, so its hashes are not in the recipe on show."}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled table must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="Files of the merged model">
        <table className={classes.files}>
          <thead>
            <tr>
              <th scope="col">file</th>
              <th scope="col">size</th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.path}>
                <th scope="row">{file.path}</th>
                <td>{bytes(file.bytes)}</td>
                <td>
                  <code title={file.sha256}>{file.sha256.slice(0, 16)}…</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
