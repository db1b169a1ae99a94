import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { deltaPercent } from "../../ui/amounts";
import { GRADE_ANSWER, gradeSentence, verdictOf } from "./grade";
import classes from "./SetPage.module.css";
import type { CheckedSet } from "./use-health";

/** The page's answer first, with the figures it rests on. */
export function Verdict({ info }: { readonly info: CheckedSet }) {
  const { grade, largest } = verdictOf(info.health.map((h) => h.delta));
  const go = useView((s) => s.go);
  const scored = useLoadedSet().unscored === null;
  const Icon = grade === "good" ? IconCircleCheck : IconAlertTriangle;
  return (
    <section className={classes.verdict} data-grade={grade} aria-label="Verdict">
      <Icon size={26} stroke={1.6} aria-hidden />
      <div>
        <p className={classes.verdictLine}>
          Largest update δ = {deltaPercent(largest)}: {GRADE_ANSWER[grade]}.
        </p>
        <p>
          {gradeSentence(largest)} <cite>(DeMix, arXiv 2602.00747, Table 12; other models and data)</cite>
        </p>
        {scored && (
          <p>
            What holds on this set is measured:{" "}
            <button type="button" className={classes.link} onClick={() => go("ranks")}>
              do its merges rank like trained models?
            </button>
          </p>
        )}
      </div>
    </section>
  );
}
