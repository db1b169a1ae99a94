import { useState } from "react";
import type { Consistency } from "../../core/rank/consistency";
import { MACRO } from "../../core/scoring/score-table";
import { Choice } from "../../ui/Choice";
import { correlation } from "../../ui/format";
import { ratio } from "../../ui/interval-text";
import { tokensText } from "../../ui/quantity";
import { Section } from "../../ui/Section";
import type { Approach } from "./approaches";
import { BudgetChart } from "./BudgetChart";
import chart from "./BudgetChart.module.css";
import { budgetCurve, type Figure } from "./budget-curve";
import table from "./FiguresTable.module.css";
import { PaperTable2 } from "./PaperTables";
import classes from "./RanksPage.module.css";
import { nullSpread } from "./verdict";

const FIGURES: readonly { value: Figure; label: string }[] = [
  { value: "rho", label: "ρ" },
  { value: "top25", label: "top-25 % ρ" },
  { value: "recovery", label: "recovery" },
];

/** Merged against trained proxies at equal token budget, with the paper's figures beside. */
export function BudgetSection(props: {
  readonly approaches: readonly Approach[];
  readonly figures: readonly (Consistency | null)[];
  readonly targets: readonly { readonly id: string; readonly label: string }[];
}) {
  const { approaches, figures, targets } = props;
  const [figure, setFigure] = useState<Figure>("rho");
  const [target, setTarget] = useState<string>(MACRO);
  const curve = budgetCurve(approaches, figures, target, figure);
  const n = curve.merged?.n ?? curve.trained[0]?.n ?? 0;
  const label = targets.find((t) => t.id === target)?.label ?? "";
  const text = (v: number) => (figure === "recovery" ? ratio(v) : correlation(v));
  const summary = `${label}, ${FIGURES.find((f) => f.value === figure)?.label} against tokens, n ${n}. ${[
    ...(curve.merged ? [curve.merged] : []),
    ...curve.trained,
  ]
    .map((p) => `${p.label}, ${tokensText(p.tokens)} tokens: ${text(p.value)}`)
    .join("; ")}.`;
  return (
    <Section
      title="Merged against trained at equal budget"
      aside={
        <>
          <Choice
            label="Scores"
            options={targets.map((t) => ({ value: t.id, label: t.id === MACRO ? "Macro" : t.label }))}
            value={target}
            onChange={setTarget}
          />
          <Choice label="Figure" options={FIGURES} value={figure} onChange={setFigure} />
        </>
      }
    >
      <div className={classes.pair}>
        <div>
          {curve.trained.length > 0 ? (
            <BudgetChart
              curve={curve}
              figure={figure}
              nullSpread={figure === "recovery" ? null : nullSpread(n)}
              summary={summary}
            />
          ) : (
            <p className={classes.waiting}>Resampling items …</p>
          )}
          <div className={chart.legend} aria-hidden="true">
            <span>
              <i data-mark="merged" />
              merged, its components’ tokens
            </span>
            <span>
              <i data-mark="trained" />
              trained, all proxies’ tokens, 95 % band
            </span>
            {figure !== "recovery" && n > 1 && (
              <span>
                <i data-mark="none" />
                no relation, n {n}: ±{correlation(nullSpread(n))}
              </span>
            )}
          </div>
        </div>
        <div>
          <PaperTable2 />
          <p className={table.note}>
            Printed in the paper (arXiv 2602.00747v3, Table 2, macro: 7 components, 96 references); not
            computed here.
          </p>
        </div>
      </div>
    </Section>
  );
}
