import { Tooltip } from "@mantine/core";
import { memo } from "react";
import type { Estimate } from "../../core/scoring/measurement";
import { METRICS } from "../../core/scoring/metrics";
import type { Target } from "../../core/scoring/score-table";
import { predictedEstimate, useBestSoFar, useCurrentMeasured, useModel } from "../../state/hooks";
import { useMixture } from "../../state/mixture-store";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { correlation, withInterval } from "../../ui/format";
import { IntervalMark } from "../../ui/IntervalMark";
import { ScoreNumber } from "../../ui/ScoreNumber";
import classes from "./ExplorePage.module.css";
import { useScoreAxis } from "./target-values";

const inText = (kind: string, e: Estimate | null | undefined) => {
  if (!e || !Number.isFinite(e.value)) return `${kind}: none`;
  const { value, half } = withInterval(e);
  return `${kind}: ${value} ${half}`;
};

/** One target: its name (a click colours the triangle by it), the marks on a common axis, the numbers. */
export function TargetRow(props: { readonly target: Target; readonly base: Estimate | null }) {
  const { target, base } = props;
  const alpha = useMixture((s) => s.alpha);
  const view = useView((s) => s.view);
  const model = useModel(target.id);
  const measured = useCurrentMeasured()?.table[target.id] ?? null;
  const best = useBestSoFar(target.id)?.estimate ?? null;
  const axis = useScoreAxis(target.id, base?.value ?? null);
  const predicted = model && model.dims === alpha.length ? predictedEstimate(model, alpha) : null;
  const isMeasured = measured !== null && Number.isFinite(measured.value);
  const shown = isMeasured ? measured : predicted;
  const strong = target.kind !== "task";
  const bytes = target.metrics?.[view] === "byte_prob" && shown ? -Math.log2(shown.value) : Number.NaN;
  return (
    <li className={classes.row} data-kind={target.kind} data-measured={isMeasured}>
      <div className={classes.rowLabel}>
        <TargetName target={target} />
        {Number.isFinite(bytes) && <span className={classes.bytes}>{bytes.toFixed(3)} bits/byte</span>}
      </div>
      <div
        onPointerEnter={(event) => {
          // Written when asked for, not in every frame of a drag.
          event.currentTarget.title = [
            model
              ? `${inText("predicted", predicted)} (LOO ρ ${correlation(model.loo.rho)})`
              : "not predicted",
            inText("measured", measured),
            inText("base", base),
            inText("best so far", best),
          ].join("\n");
        }}
      >
        <IntervalMark
          axis={axis}
          predicted={predicted}
          measured={measured}
          base={base?.value ?? null}
          best={best?.value ?? null}
        />
      </div>
      <div className={classes.predictedCell}>
        <ScoreNumber estimate={predicted} kind="predicted" strong={strong} />
      </div>
      <div className={classes.measuredCell}>
        <ScoreNumber estimate={measured} kind="measured" strong={strong} />
      </div>
    </li>
  );
}

/** Apart from the numbers, which change with every frame of a drag. */
const TargetName = memo(function TargetName({ target }: { readonly target: Target }) {
  const chosen = useView((s) => s.target === target.id);
  const setTarget = useView((s) => s.setTarget);
  return (
    <Tooltip
      label={<TargetAbout target={target} />}
      multiline
      w={260}
      position="left"
      openDelay={350}
      events={{ hover: true, focus: true, touch: true }}
    >
      <button
        type="button"
        className={classes.rowButton}
        aria-pressed={chosen}
        onClick={() => setTarget(target.id)}
      >
        {target.label}
      </button>
    </Tooltip>
  );
});

function TargetAbout({ target }: { readonly target: Target }) {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const task = layout.tasks.find((t) => `task:${t.spec.id}` === target.id)?.spec;
  const metric = target.metrics?.[view];
  if (task && metric) {
    return (
      <>
        {task.about} {task.items} items. Score: {METRICS[metric].label}. {METRICS[metric].about}
      </>
    );
  }
  return <>{target.kind === "macro" ? "Mean over the domains." : "Mean of the domain's benchmarks."}</>;
}
