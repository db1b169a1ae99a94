import { useEffect, useState } from "react";
import type { TargetId } from "../../core/scoring/measurement";
import { pairedDifference, tied } from "../../core/scoring/paired";
import type { ScoreTable } from "../../core/scoring/score-table";
import { layoutKey } from "../../state/layout-key";
import type { NamedRow } from "../../state/ranking";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { slicer } from "./in-slices";
import { type TieBand, tieBands } from "./slope-order";

/** Paired differences by the names of the two rows; small tables, kept for as long as the page lives. */
const differences = new Map<string, ScoreTable>();

/** Bands of ties (the paired difference's interval holds 0) down an order of rows, computed in short stretches. */
export function useTieBands(
  rows: readonly NamedRow[],
  order: readonly number[],
  target: TargetId,
): readonly TieBand[] {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const key = `${layoutKey(layout)} ${view} ${target} ${order.map((i) => rows[i]!.name).join(",")}`;
  const [done, setDone] = useState<{ key: string; bands: TieBand[] } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the rows and their order
  useEffect(() => {
    let stopped = false;
    const goOn = slicer(() => stopped);
    const isTied = async (best: number, item: number) => {
      if (!(await goOn())) return false;
      const [a, b] = [rows[best]!, rows[item]!];
      const pair = `${layoutKey(layout)} ${view} ${a.name} ${b.name}`;
      const known = differences.get(pair) ?? pairedDifference(layout, a.scores, b.scores, view);
      differences.set(pair, known);
      return tied(known[target]!);
    };
    void tieBands(order, isTied).then((bands) => {
      if (!stopped) setDone({ key, bands });
    });
    return () => {
      stopped = true;
    };
  }, [key]);
  return done?.key === key ? done.bands : NONE;
}

const NONE: readonly TieBand[] = [];
