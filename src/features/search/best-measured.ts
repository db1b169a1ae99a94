import type { Mixture } from "../../core/mixture/mixture";
import type { Measurement } from "../../core/scoring/measurement";
import { MACRO } from "../../core/scoring/score-table";
import type { ScoreView, TaskSetLayout } from "../../core/scoring/task";
import { tableOf } from "../../state/tables";

/** The complete measurement of a mixture with the highest macro average; `except` is left out. */
export function bestMeasured(
  measurements: readonly Measurement[],
  layout: TaskSetLayout,
  view: ScoreView,
  except: Mixture,
): Measurement | null {
  const own = except.join(" ");
  let best: Measurement | null = null;
  let top = Number.NEGATIVE_INFINITY;
  for (const m of measurements) {
    const { subject } = m.key;
    if (subject.kind !== "mixture" || m.done < m.total || subject.alpha.join(" ") === own) continue;
    const { value } = tableOf(layout, m.scores, view)[MACRO]!;
    if (value > top) {
      top = value;
      best = m;
    }
  }
  return best;
}
