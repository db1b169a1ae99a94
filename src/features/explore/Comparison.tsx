import { useMemo, useState } from "react";
import { vertex } from "../../core/mixture/mixture";
import type { Subject } from "../../core/scoring/measurement";
import { itemsToSeparate, pairedDifference, tied } from "../../core/scoring/paired";
import {
  type MeasuredScores,
  useBestSoFar,
  useCurrentMeasured,
  useMeasured,
  useTargets,
} from "../../state/hooks";
import { useMixture } from "../../state/mixture-store";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { count } from "../../ui/format";
import { ScoreNumber } from "../../ui/ScoreNumber";
import classes from "./ExplorePage.module.css";

interface Rival {
  readonly id: string;
  readonly label: string;
  readonly subject: Subject;
}

/** What the current mixture can be compared with. */
function useRivals(): readonly Rival[] {
  const { spec } = useLoadedSet();
  const recommended = useWorkbench((s) => s.recommended);
  const target = useView((s) => s.target);
  const best = useBestSoFar(target);
  return useMemo(() => {
    const k = spec.components.length;
    const rivals: Rival[] = [{ id: "base", label: "the base", subject: { kind: "base" } }];
    if (recommended)
      rivals.unshift({
        id: "recommended",
        label: "the recommended mixture",
        subject: { kind: "mixture", alpha: recommended },
      });
    if (best) rivals.push({ id: "best", label: "the best so far", subject: best.measurement.key.subject });
    spec.components.forEach((c, i) => {
      rivals.push({
        id: c.id,
        label: `${c.label} alone`,
        subject: { kind: "mixture", alpha: vertex(i, k) },
      });
    });
    return rivals;
  }, [spec, recommended, best]);
}

/** Differences to another model on the same items, with their intervals; inside the interval they are tied, in words. */
export function Comparison() {
  const rivals = useRivals();
  const [choice, setChoice] = useState<string | null>(null);
  const rival = rivals.find((r) => r.id === choice) ?? rivals[0]!;
  const mine = useCurrentMeasured();
  const other = useMeasured(rival.subject);
  return (
    <div className={classes.card}>
      <label className={classes.cardHead}>
        Against{" "}
        <select value={rival.id} onChange={(event) => setChoice(event.target.value)}>
          {rivals.map((r) => (
            <option key={r.id} value={r.id}>
              {r.label}
            </option>
          ))}
        </select>
      </label>
      {mine && other ? (
        <Differences mine={mine} other={other} />
      ) : (
        <Missing mine={mine !== null} rival={rival} />
      )}
    </div>
  );
}

function Missing({ mine, rival }: { readonly mine: boolean; readonly rival: Rival }) {
  const { subject } = rival;
  const setAlpha = useMixture((s) => s.setAlpha);
  if (!mine) return <p className={classes.hint}>Differences stand here once this mixture is measured.</p>;
  return (
    <p className={classes.hint}>
      {rival.label} is not measured yet.{" "}
      {subject.kind === "mixture" && (
        <button type="button" className={classes.link} onClick={() => setAlpha(subject.alpha)}>
          Go there and measure
        </button>
      )}
    </p>
  );
}

function Differences(props: { readonly mine: MeasuredScores; readonly other: MeasuredScores }) {
  const { mine, other } = props;
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const targets = useTargets().filter((t) => t.kind !== "task");
  const table = useMemo(
    () => (mine.scores === other.scores ? null : pairedDifference(layout, mine.scores, other.scores, view)),
    [layout, mine.scores, other.scores, view],
  );
  if (!table) return <p className={classes.hint}>This is the same mixture.</p>;
  const macro = table.macro;
  const needed = macro && tied(macro) ? itemsToSeparate(macro) : null;
  return (
    <>
      <div className={classes.differences}>
        {targets.map((t) => {
          const difference = table[t.id];
          if (!difference) return null;
          const verdict = tied(difference) ? "tied" : difference.value > 0 ? "better" : "worse";
          return (
            <div key={t.id} className={classes.difference} data-verdict={verdict}>
              <span>{t.label}</span>
              <ScoreNumber estimate={difference} kind="difference" />
              <span className={classes.verdict}>{verdict}</span>
            </div>
          );
        })}
      </div>
      {needed !== null && macro && (
        <p className={classes.hint}>
          Macro tied: the interval of the difference covers 0.{" "}
          {Number.isFinite(needed) && needed > macro.n
            ? `About ${count(needed - macro.n)} more items would separate them.`
            : "No number of items is known to separate them."}
        </p>
      )}
    </>
  );
}
