import { memo } from "react";
import {
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  XAxis,
  YAxis,
} from "recharts";
import type { ConsistencyRow } from "../../core/rank/consistency";
import { correlation, points as scoreText } from "../../ui/format";
import { correlationInterval } from "../../ui/interval-text";
import { niceTicks, tickDecimals } from "../../ui/nice-ticks";
import { RankDot } from "./RankDot";
import classes from "./RankScatter.module.css";
import { axisEnds, type RankPoint } from "./rank-points";
import { usePointKeys } from "./use-point-keys";

const TICK = { fontSize: 10.5, fill: "var(--ink-2)" } as const;

/** Proxy score against reference score on one target: a mixture a dot, the best quarter by reference filled. */
export const RankScatter = memo(function RankScatter(props: {
  readonly label: string;
  readonly macro: boolean;
  readonly points: readonly RankPoint[];
  readonly row: ConsistencyRow | null;
  readonly onPick: (point: RankPoint) => void;
}) {
  const { label, macro, points, row, onPick } = props;
  const keys = usePointKeys(
    [...points].sort((a, b) => a.proxyPlace - b.proxyPlace),
    onPick,
  );
  const x = axisEnds(points.map((p) => p.proxy.value));
  const y = axisEnds(points.map((p) => p.reference.value));
  const xTicks = niceTicks(...x, 4);
  const yTicks = niceTicks(...y, 5);
  const low = Math.max(x[0], y[0]);
  const high = Math.min(x[1], y[1]);
  const rho = row ? correlation(row.rho.value) : "…";
  const interval = row ? correlationInterval(row.rho) : "";
  const spoken = `${label}: proxy score against reference score of ${points.length} mixtures. ρ ${rho} ${interval}, n ${points.length}. Arrow keys step through the mixtures, Enter sets the sliders to one.`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no chart
    <div className={classes.panel} role="group" aria-label={spoken} {...keys}>
      <div className={classes.head}>
        <strong>{label}</strong>
        <span className={classes.rho} title={macro ? "Mean of the domains' ρ (method §2)" : undefined}>
          {macro ? "mean ρ" : "ρ"} <strong>{rho}</strong>{" "}
          <span className={classes.muted}>
            {interval} n {points.length}
          </span>
        </span>
      </div>
      <div className={classes.plot} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <ScatterChart margin={{ top: 8, right: 10, bottom: 0, left: -8 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--line)" strokeWidth={0.75} />
            <XAxis
              type="number"
              dataKey="proxy.value"
              domain={x}
              tick={TICK}
              ticks={xTicks}
              tickFormatter={(v: number) => scoreText(v, tickDecimals(xTicks, 100))}
              stroke="var(--line)"
              tickLine={false}
              height={20}
            />
            <YAxis
              type="number"
              dataKey="reference.value"
              domain={y}
              tick={TICK}
              ticks={yTicks}
              tickFormatter={(v: number) => scoreText(v, tickDecimals(yTicks, 100))}
              stroke="var(--line)"
              tickLine={false}
              width={46}
            />
            {low < high && (
              <ReferenceLine
                segment={[
                  { x: low, y: low },
                  { x: high, y: high },
                ]}
                stroke="var(--base)"
                strokeDasharray="4 3"
                strokeWidth={1}
              />
            )}
            <Scatter
              data={points as RankPoint[]}
              isAnimationActive={false}
              shape={(dot: { cx?: number | undefined; cy?: number | undefined; payload?: RankPoint }) =>
                dot.payload ? (
                  <RankDot cx={dot.cx} cy={dot.cy} point={dot.payload} axes={{ x, y }} onPick={onPick} />
                ) : (
                  <g />
                )
              }
            />
          </ScatterChart>
        </ResponsiveContainer>
      </div>
    </div>
  );
});
