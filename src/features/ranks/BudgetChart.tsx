import {
  Area,
  CartesianGrid,
  ComposedChart,
  ErrorBar,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { correlation } from "../../ui/format";
import { ratio } from "../../ui/interval-text";
import { niceTicks } from "../../ui/nice-ticks";
import { tokensText } from "../../ui/quantity";
import classes from "./BudgetChart.module.css";
import type { BudgetCurve, BudgetPoint, Figure } from "./budget-curve";

const TICK = { fontSize: 11, fill: "var(--ink-2)" } as const;

const textOf = (figure: Figure, value: number) => (figure === "recovery" ? ratio(value) : correlation(value));

/** A figure against total tokens on a log scale: trained proxies as a line with its band, merged ones as a point. */
export function BudgetChart(props: {
  readonly curve: BudgetCurve;
  readonly figure: Figure;
  /** Spread of the figure without any relation, ± around 0; null where there is none. */
  readonly nullSpread: number | null;
  readonly summary: string;
}) {
  const { curve, figure, nullSpread, summary } = props;
  const { trained, merged } = curve;
  const all = merged ? [...trained, merged] : trained;
  const tokens = all.map((p) => p.tokens);
  const ends = all.flatMap((p) => [p.value, ...(p.band ?? [])]);
  const low = figure === "recovery" ? Math.min(...ends) - 0.005 : Math.min(0, ...ends);
  const high = figure === "recovery" ? Math.max(...ends, 1) + 0.005 : 1;
  const tip = ({ payload }: { readonly payload?: readonly { readonly payload?: unknown }[] }) => {
    const point = payload?.[0]?.payload as BudgetPoint | undefined;
    return point ? <BudgetTip point={point} figure={figure} /> : null;
  };
  return (
    <div role="img" aria-label={summary} className={classes.plot}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart margin={{ top: 8, right: 18, bottom: 18, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" strokeWidth={0.75} />
          {nullSpread !== null && (
            <ReferenceArea
              y1={Math.max(low, -nullSpread)}
              y2={nullSpread}
              fill="var(--base)"
              fillOpacity={0.12}
            />
          )}
          <XAxis
            type="number"
            dataKey="tokens"
            scale="log"
            domain={[Math.min(...tokens) / 1.35, Math.max(...tokens) * 1.35]}
            ticks={[...new Set(tokens)].sort((a, b) => a - b)}
            interval="preserveStartEnd"
            tickFormatter={tokensText}
            tick={TICK}
            stroke="var(--line)"
            label={{
              value: "tokens trained on in all (log scale)",
              position: "insideBottom",
              offset: -12,
              fontSize: 11,
              fill: "var(--ink-2)",
            }}
          />
          <YAxis
            type="number"
            domain={[low, high]}
            ticks={niceTicks(low, high, 5)}
            tickFormatter={(v: number) => (figure === "recovery" ? v.toFixed(2) : correlation(v))}
            tick={TICK}
            stroke="var(--line)"
            width={44}
          />
          <Tooltip content={tip} cursor={false} isAnimationActive={false} />
          <Area
            data={trained as BudgetPoint[]}
            dataKey="band"
            stroke="none"
            fill="var(--ink-2)"
            fillOpacity={0.16}
            isAnimationActive={false}
            activeDot={false}
            connectNulls
          />
          <Line
            data={trained as BudgetPoint[]}
            dataKey="value"
            stroke="var(--ink-2)"
            strokeWidth={2}
            dot={{ r: 4, fill: "var(--panel)", stroke: "var(--ink-2)", strokeWidth: 2 }}
            isAnimationActive={false}
          />
          {merged && (
            <ReferenceLine y={merged.value} stroke="var(--accent)" strokeDasharray="5 4" strokeWidth={1} />
          )}
          {merged && (
            <Scatter
              data={[
                {
                  ...merged,
                  error: merged.band && [merged.value - merged.band[0], merged.band[1] - merged.value],
                },
              ]}
              dataKey="value"
              fill="var(--accent)"
              shape="diamond"
              isAnimationActive={false}
            >
              {merged.band && (
                <ErrorBar dataKey="error" direction="y" width={6} stroke="var(--accent)" strokeWidth={2} />
              )}
            </Scatter>
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function BudgetTip({ point, figure }: { readonly point: BudgetPoint; readonly figure: Figure }) {
  const { label, tokens, value, band, n } = point;
  return (
    <div className={classes.tip}>
      <strong>{label}</strong>
      <span>
        {textOf(figure, value)}
        {band && ` [${textOf(figure, band[0])}, ${textOf(figure, band[1])}]`} · n {n}
      </span>
      <span>{tokensText(tokens)} tokens</span>
    </div>
  );
}
