import { useEffect, useState } from "react";
import type { ScoreTable } from "../../core/scoring/score-table";
import type { NamedRow } from "../../state/ranking";
import { tableOf } from "../../state/tables";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";

/** Longest stretch on the page's thread, in milliseconds. */
const SLICE_MS = 12;

/** Score tables of rows of item scores in the current view, computed in short stretches; null until all are there. */
export function useTables(rows: readonly NamedRow[]): readonly ScoreTable[] | null {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const key = `${layout.hash} ${view} ${rows.map((r) => r.name).join(",")}`;
  const [done, setDone] = useState<{ key: string; tables: ScoreTable[] } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the rows
  useEffect(() => {
    let stopped = false;
    const work = async () => {
      const tables: ScoreTable[] = [];
      let start = performance.now();
      for (const row of rows) {
        tables.push(tableOf(layout, row.scores, view));
        if (performance.now() - start < SLICE_MS) continue;
        await new Promise((resolve) => setTimeout(resolve));
        if (stopped) return;
        start = performance.now();
      }
      setDone({ key, tables });
    };
    void work();
    return () => {
      stopped = true;
    };
  }, [key]);
  return done?.key === key ? done.tables : null;
}
