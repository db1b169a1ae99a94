import { useEffect, useState } from "react";
import { predictedEstimate, useCurrentMeasured, useModel, useTargets } from "../../state/hooks";
import { useMixture } from "../../state/mixture-store";
import { useView } from "../../state/view-store";
import { spoken } from "../../ui/format";
import classes from "./ExplorePage.module.css";

const SETTLE_MS = 900;

/** A live region that speaks scores once they stand still: after a change, and when a measurement is complete. */
export function SettledScores() {
  const alpha = useMixture((s) => s.alpha);
  const target = useView((s) => s.target);
  const model = useModel(target);
  const measured = useCurrentMeasured();
  const label = useTargets().find((t) => t.id === target)?.label ?? target;
  const done = measured?.complete ? (measured.table[target] ?? null) : null;
  const [said, say] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => {
      if (done) say(`${label} measured ${spoken(done)}`);
      else if (model) say(`${label} predicted ${spoken(predictedEstimate(model, alpha))}`);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [alpha, model, done, label]);
  return (
    <div role="status" aria-live="polite" className={classes.live}>
      {said}
    </div>
  );
}
