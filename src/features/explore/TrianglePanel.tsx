import { useCallback, useMemo } from "react";
import {
  type Barycentric,
  sliceMixture,
  slicePoint,
  sliceRoom,
  sliceWeights,
} from "../../core/mixture/slice";
import { predictedEstimate, useBaseMeasured, useModel, useTargets } from "../../state/hooks";
import { useHover } from "../../state/hover-store";
import { useMixture } from "../../state/mixture-store";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { componentColor } from "../../ui/colors";
import { EmptyState } from "../../ui/EmptyState";
import { points as asPoints, sharePercent, spoken } from "../../ui/format";
import { TernaryPlot } from "../../ui/TernaryPlot";
import { holdLocked } from "../../ui/ternary-geometry";
import { spreadOf } from "../../ui/ternary-hatching";
import classes from "./ExplorePage.module.css";
import { HeldNote } from "./HeldNote";
import { NO_ROOM, useSliceField, useUncertainty } from "./slice-field";
import { useKnownPoints } from "./slice-points";
import { TriangleTip } from "./TriangleTip";
import { TriangleToolbar } from "./TriangleToolbar";
import { useColorRange } from "./target-values";

const contourLabel = (level: number, step: number): string =>
  asPoints(level, step >= 0.0099 ? 0 : step >= 0.00099 ? 1 : 2);

/** The triangle where there is one: it needs three components. */
export function TrianglePanel() {
  const { spec } = useLoadedSet();
  const k = spec.components.length;
  if (k >= 3) return <Triangle />;
  return (
    <section className={classes.triangle} aria-label="Triangle of mixtures" data-tour="triangle">
      <EmptyState title="No triangle">
        It needs three components, and the set has {k}. The sliders, the scores and the journal work all the
        same.
      </EmptyState>
    </section>
  );
}

/** The triangle over three components, the others held, with its tools and its notes. */
function Triangle() {
  const { spec } = useLoadedSet();
  const alpha = useMixture((s) => s.alpha);
  const dragged = useMixture((s) => s.gesture !== null);
  const { begin, end, setAlpha } = useMixture.getState();
  const { axes, target, overlays, setAxis } = useView();
  const model = useModel(target);
  const targetLabel = useTargets().find((t) => t.id === target)?.label ?? target;
  const range = useColorRange(target);
  const base = useBaseMeasured()?.table[target]?.value ?? Number.NaN;

  const field = useSliceField(model, alpha, axes);
  const uncertainty = useUncertainty(model, field, axes, overlays.uncertainty);
  const known = useKnownPoints(alpha, axes, target);
  const points = useMemo(() => known.map((k) => k.point), [known]);
  const components = useMemo(
    () => spec.components.map((c, i) => ({ label: c.label, color: componentColor(i) })),
    [spec],
  );
  const room = sliceRoom(alpha, axes);
  const pointed = useHover((s) => (s.subject?.kind === "mixture" ? s.subject.alpha : null));
  const now = model ? predictedEstimate(model, alpha) : null;
  const onMove = useCallback(
    (p: Barycentric) => {
      const { alpha: held, locked } = useMixture.getState();
      if (sliceRoom(held, axes) < NO_ROOM) return;
      const to = holdLocked(
        p,
        slicePoint(held, axes),
        axes.map((i) => locked[i] ?? false),
      );
      setAlpha(sliceMixture(to, held, axes));
    },
    [axes, setAlpha],
  );

  const valueText = [
    ...axes.map((i) => `${components[i]?.label ?? ""} ${sharePercent(alpha[i] ?? 0)} %`),
    now ? `predicted ${targetLabel} ${spoken(now)}` : "no prediction yet",
  ].join(", ");
  const ticks = [
    ...(Number.isFinite(base) ? [{ label: "base", value: base }] : []),
    ...(now ? [{ label: "now", value: now.value, strong: true }] : []),
  ];
  return (
    <section className={classes.triangle} aria-label="Triangle of mixtures" data-tour="triangle">
      <TriangleToolbar model={model} />
      <div className={classes.plot}>
        <TernaryPlot
          field={field}
          range={range}
          contours={overlays.contours}
          uncertainty={uncertainty}
          points={points}
          contourLabel={contourLabel}
          quick={dragged}
          current={slicePoint(alpha, axes)}
          highlight={pointed?.length === alpha.length ? slicePoint(pointed, axes) : null}
          room={room}
          corners={axes}
          components={components}
          onCorner={setAxis}
          onMove={onMove}
          onBegin={begin}
          onEnd={end}
          onPick={(id) => {
            const picked = known.find((k) => k.point.id === id);
            if (picked) setAlpha(picked.alpha);
          }}
          valueText={valueText}
          legend={{ title: `Predicted ${targetLabel}, %`, ticks }}
          tooltip={(p, id) => (
            <TriangleTip
              weights={sliceWeights(p, alpha, axes)}
              model={model}
              known={known}
              picked={known.find((k) => k.point.id === id) ?? null}
            />
          )}
        />
      </div>
      <HeldNote spread={field ? spreadOf(field.values) : null} hatched={uncertainty} />
    </section>
  );
}
