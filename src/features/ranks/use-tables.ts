import { useEffect, useState } from "react";
import type { ScoreTable } from "../../core/scoring/score-table";
import { layoutKey } from "../../state/layout-key";
import type { NamedRow } from "../../state/ranking";
import { tableOf } from "../../state/tables";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { slicer } from "./in-slices";

/** Score tables of rows of item scores in the current view, computed in short stretches; null until all are there. */
export function useTables(rows: readonly NamedRow[]): readonly ScoreTable[] | null {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const key = `${layoutKey(layout)} ${view} ${rows.map((r) => r.name).join(",")}`;
  const [done, setDone] = useState<{ key: string; tables: ScoreTable[] } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the rows
  useEffect(() => {
    let stopped = false;
    const work = async () => {
      const goOn = slicer(() => stopped);
      const tables: ScoreTable[] = [];
      for (const row of rows) {
        tables.push(tableOf(layout, row.scores, view));
        if (!(await goOn())) return;
      }
      if (!stopped) setDone({ key, tables });
    };
    void work();
    return () => {
      stopped = true;
    };
  }, [key]);
  return done?.key === key ? done.tables : null;
}
