import { Button } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { memo } from "react";
import { suppliesOf } from "../../core/checkpoint/component-set";
import { uniform } from "../../core/mixture/mixture";
import { useMixture } from "../../state/mixture-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import classes from "./ExplorePage.module.css";

/** A uniform draw from the simplex: exponential weights. */
const randomWeights = (k: number): number[] => Array.from({ length: k }, () => -Math.log(1 - Math.random()));

export const MixtureActions = memo(function MixtureActions() {
  const { spec } = useLoadedSet();
  const recommended = useWorkbench((s) => s.recommended);
  const canUndo = useMixture((s) => s.past.length > 0);
  const canRedo = useMixture((s) => s.future.length > 0);
  const { setAlpha, undo, redo } = useMixture.getState();
  const k = spec.components.length;
  const supply = suppliesOf(spec.components);
  const hasSupply = supply?.some((tokens) => tokens > 0) ?? false;
  const go = (label: string, title: string, weights: readonly number[] | null) => (
    <Button
      size="compact-sm"
      fw={500}
      variant={label === "Recommended" && weights ? "filled" : "default"}
      title={title}
      disabled={!weights}
      onClick={() => weights && setAlpha(weights)}
    >
      {label}
    </Button>
  );
  return (
    <div className={classes.actions}>
      {go("Uniform", "Equal shares", uniform(k))}
      {go(
        "By supply",
        hasSupply ? "Shares in proportion to the datasets' tokens" : "The set does not state its tokens",
        hasSupply ? supply : null,
      )}
      <Button
        size="compact-sm"
        fw={500}
        variant="default"
        title="Any mixture, all equally likely"
        onClick={() => setAlpha(randomWeights(k))}
      >
        Random
      </Button>
      {go(
        "Recommended",
        recommended ? "The mixture that the search recommends" : "No search has finished on this set yet",
        recommended,
      )}
      <div className={classes.history}>
        <Button
          size="compact-sm"
          fw={500}
          variant="default"
          disabled={!canUndo}
          onClick={undo}
          title="Undo (Ctrl+Z)"
          aria-label="Undo"
        >
          <IconArrowBackUp size={16} />
        </Button>
        <Button
          size="compact-sm"
          fw={500}
          variant="default"
          disabled={!canRedo}
          onClick={redo}
          title="Redo (Ctrl+Shift+Z)"
          aria-label="Redo"
        >
          <IconArrowForwardUp size={16} />
        </Button>
      </div>
    </div>
  );
});
