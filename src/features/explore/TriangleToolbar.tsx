import { NativeSelect, SegmentedControl } from "@mantine/core";
import { memo } from "react";
import type { GpModel } from "../../core/predict/surface";
import type { ScoreView } from "../../core/scoring/task";
import { useTargets } from "../../state/hooks";
import { type Overlay, useView } from "../../state/view-store";
import { PredictorNote } from "../../ui/PredictorNote";
import { ToggleChip } from "../../ui/ToggleChip";
import classes from "./ExplorePage.module.css";
import { PredictorProblem } from "./PredictorProblem";

const OVERLAYS: readonly { readonly id: Overlay; readonly label: string; readonly title: string }[] = [
  { id: "contours", label: "contours", title: "Lines of equal predicted score" },
  {
    id: "uncertainty",
    label: "uncertainty",
    title: "Hatched where the 95 % interval of the prediction is wider than the spread of the scores shown",
  },
  {
    id: "measured",
    label: "measured",
    title: "Mixtures measured so far; they fade with their distance from this slice",
  },
  { id: "references", label: "references", title: "Models really trained on a mixture" },
];

/** Colour by, which of each benchmark's scores, and what lies over the heat map. */
export const TriangleToolbar = memo(function TriangleToolbar({ model }: { readonly model: GpModel | null }) {
  const { target, view, overlays, setTarget, setView, toggleOverlay } = useView();
  const targets = useTargets();
  return (
    <div className={classes.toolbar}>
      <NativeSelect
        size="xs"
        aria-label="Colour by"
        className={classes.targetSelect}
        value={target}
        onChange={(event) => setTarget(event.currentTarget.value)}
        data={targets.map((t) => ({
          value: t.id,
          label: t.kind === "task" ? `\u00a0\u00a0${t.label}` : t.label,
        }))}
      />
      <SegmentedControl
        size="xs"
        aria-label="Score"
        value={view}
        onChange={(value) => setView(value as ScoreView)}
        data={[
          { value: "continuous", label: "Continuous" },
          { value: "accuracy", label: "Accuracy" },
        ]}
      />
      <div className={classes.chips}>
        {OVERLAYS.map(({ id, label, title }) => (
          <ToggleChip key={id} on={overlays[id]} onToggle={() => toggleOverlay(id)} title={title}>
            {label}
          </ToggleChip>
        ))}
      </div>
      <div className={classes.note}>{model ? <PredictorNote model={model} /> : <PredictorProblem />}</div>
    </div>
  );
});
