import { useMemo, useState } from "react";
import { domainTarget, MACRO, tasksByDomain } from "../../core/scoring/score-table";
import type { ScoreView } from "../../core/scoring/task";
import { useMixture } from "../../state/mixture-store";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { Choice } from "../../ui/Choice";
import { EmptyState } from "../../ui/EmptyState";
import { Section } from "../../ui/Section";
import { AverageRanks } from "./AverageRanks";
import { BudgetSection } from "./BudgetSection";
import { budgetCurve } from "./budget-curve";
import { FiguresTable } from "./FiguresTable";
import tableClasses from "./FiguresTable.module.css";
import { MissingBar } from "./MissingBar";
import { PaperTable3 } from "./PaperTables";
import { PointStrip, type TargetPoints } from "./PointStrip";
import { RankScatter } from "./RankScatter";
import scatterClasses from "./RankScatter.module.css";
import classes from "./RanksPage.module.css";
import { type RankPoint, rankPoints } from "./rank-points";
import { SlopeChart } from "./SlopeChart";
import { useRanks } from "./use-ranks";
import { nullSpread, verdict } from "./verdict";

export const VIEWS: readonly { value: ScoreView; label: string }[] = [
  { value: "continuous", label: "Continuous" },
  { value: "accuracy", label: "Accuracy" },
];

const pick = (p: RankPoint): void => useMixture.getState().setAlpha(p.alpha);

/** Do merged proxies rank like trained ones? */
export default function RanksPage() {
  const { layout, spec } = useLoadedSet();
  const view = useView((s) => s.view);
  const setView = useView((s) => s.setView);
  const ranks = useRanks();
  const { rows, shown, proxyTables, referenceTables, approaches } = ranks;
  const figures = useMemo(
    () => ranks.figures.map((f) => (f.phase === "ready" ? f.value : null)),
    [ranks.figures],
  );
  const [target, setTarget] = useState<string>(MACRO);
  const targets = useMemo(
    () => [
      { id: MACRO, label: "Macro average" },
      ...tasksByDomain(layout).map((d) => ({ id: domainTarget(d.id), label: d.label })),
    ],
    [layout],
  );
  const points = useMemo<readonly TargetPoints[] | null>(
    () =>
      proxyTables && referenceTables
        ? targets.map((t) => ({ ...t, points: rankPoints(rows, proxyTables, referenceTables, t.id) }))
        : null,
    [targets, rows, proxyTables, referenceTables],
  );

  const components = useMemo(() => spec.components.map((c) => c.label), [spec]);

  if (ranks.all.length === 0 || !shown) {
    return spec.references ? (
      <EmptyState title="The reference models are not here">
        They are still loading, or their file was refused: the notice says why.
      </EmptyState>
    ) : (
      <EmptyState title="This set has no reference models">
        Ranks compares merged proxies with models that were really trained on the same mixtures. A set ships
        them as a runs file ("references" in demix-set.json).
      </EmptyState>
    );
  }
  const macro = budgetCurve(approaches, figures, MACRO, "rho");
  const shownFigures = figures[approaches.indexOf(shown)];
  const slope = points?.find((p) => p.id === target);
  return (
    <div className={classes.page}>
      <header className={classes.top}>
        <div>
          <h1>Do merged proxies rank like trained ones?</h1>
          <p className={classes.verdict}>
            {verdict(macro, rows.length)} Without any relation ρ of {rows.length} mixtures would spread by ±
            {nullSpread(rows.length).toFixed(2).replace("0.", ".")}.
          </p>
        </div>
        <div className={classes.controls}>
          <label>
            Proxies{" "}
            <select
              className={classes.select}
              value={shown.id}
              onChange={(event) => ranks.show(event.target.value)}
            >
              {approaches.map((a) => (
                <option key={a.id} value={a.id}>
                  {a.kind === "merged" ? a.label : `${a.label} of the budget`}
                </option>
              ))}
            </select>
          </label>
          <Choice label="Scores" options={VIEWS} value={view} onChange={setView} />
        </div>
      </header>
      <MissingBar missing={ranks.missing} total={ranks.all.length} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Section
            title={`${shown.label} against references`}
            aside={
              <span>
                score in %, across: proxy, up: reference
                <i className={classes.key} data-top="true" />
                top 25 % by reference
                <i className={classes.key} />
                others · dashed: equal
              </span>
            }
          >
            <div className={scatterClasses.holder}>
              {points ? (
                <div className={scatterClasses.grid}>
                  {points.map((t) => (
                    <RankScatter
                      key={t.id}
                      label={t.label}
                      macro={t.id === MACRO}
                      points={t.points}
                      row={shownFigures?.rows.find((r) => r.target === t.id) ?? null}
                      onPick={pick}
                    />
                  ))}
                </div>
              ) : (
                <p className={classes.waiting}>Scoring {rows.length} mixtures …</p>
              )}
            </div>
          </Section>
          <BudgetSection approaches={approaches} figures={figures} targets={targets} />
          <Section title="Average rank">
            <AverageRanks rows={rows} />
            <PaperTable3 />
          </Section>
        </div>
        <div className={classes.column}>
          <Section
            title="Consistency figures"
            aside={`95 % intervals: bootstrap over ${itemsText(figures)} items`}
          >
            <FiguresTable approaches={approaches} figures={ranks.figures} n={rows.length} />
            <p className={tableClasses.note}>
              Intervals say what other items would have given, not other mixtures. Macro is the mean over
              domains; an undefined ρ (constant scores) counts as 0 there.
            </p>
          </Section>
          <Section
            title="Order by proxy and by reference"
            aside={
              <Choice
                label="Scores that order"
                options={targets.map((t) => ({ value: t.id, label: t.id === MACRO ? "Macro" : t.label }))}
                value={target}
                onChange={setTarget}
              />
            }
          >
            {slope ? (
              <SlopeChart
                points={slope.points}
                comparison={shown.comparison}
                target={target}
                proxyLabel={shown.label}
                targetLabel={slope.label}
                onPick={pick}
              />
            ) : (
              <p className={classes.waiting}>…</p>
            )}
            <p className={tableClasses.note}>
              A shaded band holds a mixture and those right below it that are tied with it: the interval of
              their paired difference holds 0. Blue: top 25 % by reference. Small bars are the mixtures.
            </p>
          </Section>
        </div>
      </div>
      {points && <PointStrip targets={points} components={components} proxyLabel={shown.label} />}
    </div>
  );
}

const itemsText = (figures: readonly ({ readonly items: number } | null)[]) =>
  figures.find((f) => f)?.items.toLocaleString("en-US") ?? "all";
