import { useMemo, useState } from "react";
import { pairedDifference, tied } from "../../core/scoring/paired";
import { MACRO, taskTarget } from "../../core/scoring/score-table";
import { tableOf } from "../../state/tables";
import { useTasks } from "../../state/tasks-store";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { Choice } from "../../ui/Choice";
import { EmptyState } from "../../ui/EmptyState";
import { count, points } from "../../ui/format";
import { ScoreNumber } from "../../ui/ScoreNumber";
import { Section } from "../../ui/Section";
import { FlipList } from "./FlipList";
import { countFlips, itemPairs } from "./flips";
import { hasVerdicts } from "./item-values";
import { RowSelect } from "./RowSelect";
import { type ScoredRow, useScoredRows } from "./scored-rows";
import classes from "./TasksPage.module.css";

const VIEWS = [
  { value: "continuous", label: "continuous" },
  { value: "accuracy", label: "accuracy" },
] as const;

/** Two measured models, item by item: which flipped, and by how much they differ. */
export function ComparePanel() {
  const rows = useScoredRows();
  const [aKey, setA] = useState<string | null>(null);
  const [bKey, setB] = useState<string | null>(null);
  if (rows.length < 2)
    return (
      <EmptyState title="Two measured mixtures are needed">
        Move the mixture on the Explore page: every measurement that is made stands here.
      </EmptyState>
    );
  const b = rows.find((r) => r.key === bKey) ?? rows[0]!;
  const a = rows.find((r) => r.key === aKey) ?? rows.find((r) => r !== b)!;
  return (
    <div className={classes.compare}>
      <div className={classes.filters}>
        <RowSelect label="A" rows={rows} value={a} onChange={setA} />
        <RowSelect label="B" rows={rows} value={b} onChange={setB} />
        <button
          type="button"
          className={classes.button}
          onClick={() => {
            setA(b.key);
            setB(a.key);
          }}
        >
          Swap
        </button>
      </div>
      {a === b ? <p className={classes.quiet}>This is the same model twice.</p> : <Compared a={a} b={b} />}
    </div>
  );
}

function Compared({ a, b }: { readonly a: ScoredRow; readonly b: ScoredRow }) {
  const { layout } = useLoadedSet();
  const inUse = useTasks((s) => s.inUse);
  const bundle = inUse.state === "known" && inUse.hash === layout.hash ? inUse.bundle : null;
  const { view, setView } = useView();
  const pairs = useMemo(() => itemPairs(layout, a.scores, b.scores), [layout, a.scores, b.scores]);
  const flips = useMemo(() => countFlips(layout, pairs), [layout, pairs]);
  const differences = useMemo(
    () => pairedDifference(layout, b.scores, a.scores, view),
    [layout, a.scores, b.scores, view],
  );
  const [tableA, tableB] = [tableOf(layout, a.scores, view), tableOf(layout, b.scores, view)];
  const line = (target: string) => {
    const difference = differences[target];
    if (!difference) return null;
    return (
      <>
        <td>{points(tableA[target]?.value ?? Number.NaN)}</td>
        <td>{points(tableB[target]?.value ?? Number.NaN)}</td>
        <td className={classes.nowrap}>
          <ScoreNumber estimate={difference} kind="difference" />
        </td>
        <td>{tied(difference) ? "tied" : difference.value > 0 ? "B" : "A"}</td>
      </>
    );
  };
  return (
    <>
      <Section
        title="By task"
        aside={<Choice label="Which score" options={VIEWS} value={view} onChange={setView} />}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled table must be reachable by keyboard */}
        <section className={classes.scroll} tabIndex={0} aria-label="Differences by task">
          <table className={classes.table} data-testid="task-differences">
            <thead>
              <tr>
                <th scope="col">task</th>
                <th scope="col">A</th>
                <th scope="col">B</th>
                <th scope="col">B − A, paired</th>
                <th scope="col">better</th>
                <th scope="col">items of both</th>
                <th scope="col">wrong → right</th>
                <th scope="col">right → wrong</th>
                <th scope="col" title="Mean log-likelihood of the gold, B − A, nats an item">
                  Δ gold log p
                </th>
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">Macro average</th>
                {line(MACRO)}
                <td>{count(pairs.length)}</td>
                <td>{flips.reduce((n, f) => n + f.gained, 0)}</td>
                <td>{flips.reduce((n, f) => n + f.lost, 0)}</td>
                <td />
              </tr>
              {flips.map(({ task, common, gained, lost, meanGain }) => {
                const { spec } = layout.tasks[task]!;
                const counted = hasVerdicts(spec);
                return (
                  <tr key={spec.id}>
                    <th scope="row">{spec.label}</th>
                    {line(taskTarget(spec.id))}
                    <td>{count(common)}</td>
                    <td>{counted ? gained : "–"}</td>
                    <td>{counted ? lost : "–"}</td>
                    <td>{signed(meanGain)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      </Section>
      <FlipList pairs={pairs} bundle={bundle} rows={[a, b]} />
    </>
  );
}

const signed = (nats: number): string =>
  Number.isFinite(nats) ? `${nats > 0 ? "+" : nats < 0 ? "−" : ""}${Math.abs(nats).toFixed(3)}` : "–";
