import { useMemo } from "react";
import { compareScores } from "../../core/recipe/compare-scores";
import { recipeAlpha } from "../../core/recipe/recipe";
import type { Measurement } from "../../core/scoring/measurement";
import { useTargets } from "../../state/hooks";
import { tableOf } from "../../state/tables";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { points } from "../../ui/format";
import { Section } from "../../ui/Section";
import classes from "./RecipeTables.module.css";
import { type OpenedRecipe, useRecipeDraft } from "./recipe-draft";

/** The scores that an opened recipe holds against those measured now. */
export function RecordedScores(props: {
  readonly opened: OpenedRecipe;
  readonly alpha: readonly number[];
  readonly record: Measurement | null;
}) {
  const { opened, alpha, record } = props;
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const targets = useTargets();
  const { recipe, file } = opened;
  const otherTasks = recipe.tasks.hash !== layout.hash;
  const moved = recipeAlpha(recipe).some((a, i) => Math.abs(a - (alpha[i] ?? 0)) > 1e-9);
  const comparison = useMemo(
    () =>
      record && !moved && !otherTasks
        ? compareScores(recipe, {
            continuous: tableOf(layout, record.scores, "continuous"),
            accuracy: tableOf(layout, record.scores, "accuracy"),
          })
        : null,
    [recipe, record, moved, otherTasks, layout],
  );
  const apart = comparison?.filter((c) => !c.agrees).length ?? 0;
  const verdict = !recipe.scores
    ? "It holds no scores: its mixture was not measured when it was saved."
    : otherTasks
      ? "Its scores were taken on other tasks and cannot be compared with the present ones."
      : moved
        ? "The mixture was changed since; undo to compare it again."
        : !comparison
          ? "Measuring its mixture now …"
          : apart === 0
            ? `All ${comparison.length} scores agree within the tolerance (${points(recipe.tolerance.continuous)} points, accuracies ${points(recipe.tolerance.accuracy, 1)}).`
            : `${apart} of ${comparison.length} scores differ by more than the tolerance (${points(recipe.tolerance.continuous)} points, accuracies ${points(recipe.tolerance.accuracy, 1)}).`;
  return (
    <Section
      title="Opened recipe against now"
      aside={
        <>
          {file}
          <button
            type="button"
            className={classes.plain}
            onClick={() => useRecipeDraft.setState({ opened: null })}
          >
            Close
          </button>
        </>
      }
    >
      <p className={classes.verdict} role="status" data-apart={apart > 0}>
        {verdict}
      </p>
      {comparison && comparison.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{view} scores, %</th>
              <th scope="col">recorded</th>
              <th scope="col">now</th>
              <th scope="col">difference</th>
            </tr>
          </thead>
          <tbody>
            {targets.flatMap(({ id, label, kind }) => {
              const row = comparison.find((c) => c.target === id && c.view === view);
              if (!row) return [];
              return [
                <tr key={id} data-kind={kind}>
                  <th scope="row">{label}</th>
                  <td>{points(row.recorded, 3)}</td>
                  <td>{points(row.recomputed, 3)}</td>
                  <td>{row.agrees ? "agrees" : `differs by ${points(row.recomputed - row.recorded, 3)}`}</td>
                </tr>,
              ];
            })}
          </tbody>
        </table>
      )}
    </Section>
  );
}
