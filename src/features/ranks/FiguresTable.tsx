import { topQuarterSize } from "../../core/rank/agreement";
import type { Consistency, ConsistencyRow } from "../../core/rank/consistency";
import type { Estimate } from "../../core/scoring/measurement";
import type { Figures } from "../../state/ranking";
import { correlation } from "../../ui/format";
import { correlationInterval, ratio, ratioInterval } from "../../ui/interval-text";
import { tokensText } from "../../ui/quantity";
import type { Approach } from "./approaches";
import type { Figure } from "./budget-curve";
import classes from "./FiguresTable.module.css";

const GROUPS: readonly { figure: Figure; label: string }[] = [
  { figure: "rho", label: "Spearman ρ" },
  { figure: "top25", label: "ρ of the top 25 %" },
  { figure: "recovery", label: "Capability recovery" },
];

/** ρ, top-25 % ρ and recovery of every approach, macro and per domain, with bootstrap intervals. */
export function FiguresTable(props: {
  readonly approaches: readonly Approach[];
  readonly figures: readonly Figures<Consistency>[];
  readonly n: number;
}) {
  const { approaches, figures, n } = props;
  const ready = figures.find((f) => f.phase === "ready");
  const columns = ready?.phase === "ready" ? ready.value.rows : [];
  const labels = columns.length > 0 ? columns.map((c, i) => (i === 0 ? "Macro" : c.label)) : ["Macro"];
  return (
    <div className={classes.scroll}>
      <table className={`${classes.table} ${classes.figures}`}>
        <thead>
          <tr>
            <th scope="col">Proxies</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        {GROUPS.map(({ figure, label }) => (
          <tbody key={figure}>
            <tr className={classes.group}>
              <th scope="rowgroup" colSpan={labels.length + 1}>
                {label} <span>n {figure === "top25" ? Math.min(n, topQuarterSize(n)) : n}</span>
              </th>
            </tr>
            {approaches.map((approach, i) => {
              const answer = figures[i];
              const rows = answer?.phase === "ready" ? answer.value.rows : null;
              return (
                <tr key={approach.id} className={approach.kind === "merged" ? classes.merged : undefined}>
                  <th scope="row">
                    {approach.label}
                    <span className={classes.tokens}>{tokensText(approach.tokens)} tokens</span>
                  </th>
                  {labels.map((column, c) => (
                    <td key={column}>{rows?.[c] ? <FigureCell row={rows[c]} figure={figure} /> : "…"}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function FigureCell({ row, figure }: { readonly row: ConsistencyRow; readonly figure: Figure }) {
  const estimate: Estimate = row[figure];
  if (Number.isNaN(estimate.value)) return <span className={classes.undefined}>undefined</span>;
  const isRatio = figure === "recovery";
  return (
    <>
      {isRatio ? ratio(estimate.value) : correlation(estimate.value)}
      <span className={classes.interval}>
        {isRatio ? ratioInterval(estimate) : correlationInterval(estimate)}
      </span>
    </>
  );
}
