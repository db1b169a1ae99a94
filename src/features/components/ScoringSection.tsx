import { sentence } from "../../core/result";
import { tasksByDomain } from "../../core/scoring/score-table";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { count } from "../../ui/format";
import classes from "./SetPage.module.css";

/** Whether mixtures of the set are scored here, on what, or why not. */
export function ScoringSection() {
  const { layout, unscored, hash } = useLoadedSet();
  const go = useView((s) => s.go);
  const items = layout.tasks.reduce((n, t) => n + t.block.items, 0);
  return (
    <section className={classes.section} aria-labelledby="scoring">
      <h2 id="scoring">Scoring</h2>
      {unscored ? (
        <>
          <p>
            <strong>Not scored here.</strong> {sentence(unscored)}
          </p>
          <p>
            Its health, merging and writing work all the same:{" "}
            <button type="button" className={classes.link} onClick={() => go("recipe")}>
              write a merged model
            </button>
            .
          </p>
        </>
      ) : (
        <>
          <p>
            <strong>{layout.name}</strong>: {layout.tasks.length} benchmarks in {tasksByDomain(layout).length}{" "}
            domains, {count(items)} items.
          </p>
          {hash === null && (
            <p>Measuring begins when all weights were read: their checksums tell this set's measurements.</p>
          )}
        </>
      )}
    </section>
  );
}
