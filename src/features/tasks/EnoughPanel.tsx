import { useMemo, useState } from "react";
import { itemsNeeded, type Power, smallestDifference } from "../../core/scoring/items-needed";
import { domainTarget, MACRO, tasksByDomain, taskTarget } from "../../core/scoring/score-table";
import { isComplete } from "../../state/records";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { Choice } from "../../ui/Choice";
import { EmptyState } from "../../ui/EmptyState";
import { count, points } from "../../ui/format";
import { Section } from "../../ui/Section";
import { measuredSpread } from "./measured-spread";
import { NeededCurve } from "./NeededCurve";
import classes from "./TasksPage.module.css";

const VIEWS = [
  { value: "continuous", label: "continuous" },
  { value: "accuracy", label: "accuracy" },
] as const;
const POWERS = [
  { value: "0.5", label: "50 %" },
  { value: "0.8", label: "80 %" },
  { value: "0.9", label: "90 %" },
] as const;

/** How many items a measurement needs to tell two mixtures apart, from the paired variance measured so far. */
export function EnoughPanel() {
  const { layout } = useLoadedSet();
  const { view, setView } = useView();
  const measurements = useWorkbench((s) => s.measurements);
  const [target, setTarget] = useState(MACRO);
  const [power, setPower] = useState<(typeof POWERS)[number]["value"]>("0.8");
  const [wanted, setWanted] = useState("0.5");
  const rows = useMemo(() => measurements.filter(isComplete).map((m) => m.scores), [measurements]);
  const spread = useMemo(() => measuredSpread(layout, rows, view), [layout, rows, view]);
  if (rows.length < 2)
    return (
      <EmptyState title="Two complete measurements are needed">
        How far items scatter between mixtures is known once two mixtures were measured on these tasks.
      </EmptyState>
    );
  const p = Number(power) as Power;
  const lines = [
    { id: MACRO, label: "Macro average", items: layout.tasks.reduce((n, t) => n + t.block.items, 0) },
    ...tasksByDomain(layout).flatMap((d) => [
      {
        id: domainTarget(d.id),
        label: d.label,
        items: d.tasks.reduce((n, t) => n + t.block.items, 0),
      },
      ...d.tasks.map((t) => ({
        id: taskTarget(t.spec.id),
        label: `· ${t.spec.label}`,
        items: t.block.items,
      })),
    ]),
  ];
  const line = lines.find((l) => l.id === target) ?? lines[0]!;
  const sd = spread.sd[line.id] ?? Number.NaN;
  const delta = Number(wanted.replace(",", ".")) / 100;
  const needed = delta > 0 ? itemsNeeded(sd, delta, p) : Number.NaN;
  const now = smallestDifference(sd, line.items, p);
  return (
    <div className={classes.enough}>
      <Section
        title="Items and the smallest difference told apart"
        aside={
          <>
            <Choice label="Which score" options={VIEWS} value={view} onChange={setView} />
            <Choice label="Power" options={POWERS} value={power} onChange={setPower} />
          </>
        }
      >
        <p className={classes.answerLine} data-testid="enough-now">
          <strong>{line.label.replace("· ", "")}:</strong>{" "}
          {Number.isNaN(sd) ? (
            "a task with a single item has no interval, and so neither has an average over it."
          ) : (
            <>
              with its {count(line.items)} items a difference of <strong>{points(now)} points</strong> leaves
              0 outside the 95 % interval in {power === "0.5" ? "half" : `${Number(power) * 100} %`} of
              measurements.
            </>
          )}
        </p>
        {!Number.isNaN(sd) && (
          <NeededCurve sd={sd} items={line.items} power={p} delta={delta > 0 ? delta : null} />
        )}
        <div className={classes.useRow}>
          <label>
            to tell apart{" "}
            <input
              className={classes.limit}
              inputMode="decimal"
              aria-label="Difference to tell apart, points"
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
            />{" "}
            points
          </label>
          <span data-testid="enough-needed">
            {Number.isFinite(needed)
              ? `${count(needed)} items are needed${needed <= line.items ? ": it is enough" : `, ${count(needed - line.items)} more than there are`}.`
              : "–"}
          </span>
        </div>
        <p className={classes.quiet}>
          n = ((z + z_power) · sd / Δ)², z = 1.96; sd is the spread of an item's paired difference, from{" "}
          {spread.pairs} {spread.pairs === 1 ? "pair" : "pairs"} of measured mixtures. For averages: items in
          the proportions of now. Pairs that lie further apart scatter more.
        </p>
      </Section>
      <Section title="By task">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled table must be reachable by keyboard */}
        <section className={classes.scroll} tabIndex={0} aria-label="Smallest differences by task">
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">score</th>
                <th scope="col">items</th>
                <th scope="col" title="Standard deviation of an item's paired difference, points">
                  spread
                </th>
                <th scope="col">told apart now</th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ id, label, items }) => (
                <tr key={id} data-current={id === line.id || undefined}>
                  <th scope="row">
                    <button
                      type="button"
                      className={classes.link}
                      aria-pressed={id === line.id}
                      onClick={() => setTarget(id)}
                    >
                      {label}
                    </button>
                  </th>
                  <td>{count(items)}</td>
                  <td>{points(spread.sd[id] ?? Number.NaN)}</td>
                  <td>{points(smallestDifference(spread.sd[id] ?? Number.NaN, items, p))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Section>
    </div>
  );
}
