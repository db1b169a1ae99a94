import { useMemo, useState } from "react";
import { trainTokensOf } from "../../core/checkpoint/component-set";
import type { Mixture } from "../../core/mixture/mixture";
import type { Consistency } from "../../core/rank/consistency";
import type { ScoreTable } from "../../core/scoring/score-table";
import { type Figures, useConsistencies } from "../../state/ranking";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { type Approach, approaches, comparable } from "./approaches";
import { useMissing } from "./measure-missing";
import { missingProxies, type RankRow, rankRows } from "./rank-rows";
import { useTables } from "./use-tables";

export interface Ranks {
  /** All references. */
  readonly all: readonly RankRow[];
  /** Those on which the approaches are compared. */
  readonly rows: readonly RankRow[];
  readonly missing: readonly Mixture[];
  readonly approaches: readonly Approach[];
  readonly figures: readonly Figures<Consistency>[];
  /** The approach in the scatter and slope charts. */
  readonly shown: Approach | null;
  readonly show: (id: string) => void;
  readonly proxyTables: readonly ScoreTable[] | null;
  readonly referenceTables: readonly ScoreTable[] | null;
}

const NONE = [] as const;

/** Everything that the Ranks page shows, from the runs and the journal. */
export function useRanks(): Ranks {
  const { spec } = useLoadedSet();
  const runs = useWorkbench((s) => s.runs);
  const measured = useWorkbench((s) => s.bySubject);
  const measuring = useMissing((s) => s.phase === "running");
  const [frozen, setFrozen] = useState(measured);
  // While proxies are being measured the figures stand still: a bootstrap after each one would show nothing new.
  if (!measuring && frozen !== measured) setFrozen(measured);
  const found = useMemo(() => rankRows(runs, frozen), [runs, frozen]);
  const rows = useMemo(() => comparable(found.rows).rows, [found]);
  const missing = useMemo(() => missingProxies(rankRows(runs, measured).rows), [runs, measured]);
  const list = useMemo(() => approaches(found, trainTokensOf(spec.components) ?? Number.NaN), [found, spec]);
  const figures = useConsistencies(useMemo(() => list.map((a) => a.comparison), [list]));
  const [wanted, show] = useState("merged");
  const shown = list.find((a) => a.id === wanted) ?? list[0] ?? null;
  const proxyTables = useTables(shown?.comparison.proxies ?? NONE);
  const referenceTables = useTables(shown?.comparison.references ?? NONE);
  return {
    all: found.rows,
    rows,
    missing,
    approaches: list,
    figures,
    shown,
    show,
    proxyTables,
    referenceTables,
  };
}
