import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { points as scoreText } from "../../ui/format";
import { niceTicks, tickDecimals } from "../../ui/nice-ticks";
import classes from "./BestCurve.module.css";
import { type CurvePoint, curveEnds, roundEnds } from "./best-curve";
import { markPath, roundStyle } from "./round-style";

const TICK = { fontSize: 10.5, fill: "var(--ink-2)" } as const;

/** Best score so far, with its interval, and every proxy's score, against proxies measured. */
export default function BestCurve(props: {
  readonly curve: readonly CurvePoint[];
  readonly rounds: readonly number[];
  readonly base: number | null;
}) {
  const { curve, rounds, base } = props;
  const total = rounds.reduce((a, b) => a + b, 0);
  const ends = curveEnds(curve, base);
  const low = ends.length > 0 ? Math.min(...ends) : 0;
  const high = ends.length > 0 ? Math.max(...ends) : 1;
  const pad = 0.05 * (high - low || 0.01);
  const ticks = niceTicks(low - pad, high + pad, 4);
  const last = curve.at(-1);
  const summary = last
    ? `Best macro average so far ${scoreText(last.best)} after ${last.at} of ${total} proxies${base === null ? "" : `; base ${scoreText(base)}`}.`
    : "No proxy measured yet.";
  const tip = ({ payload }: { readonly payload?: readonly { readonly payload?: unknown }[] }) => {
    const p = payload?.[0]?.payload as CurvePoint | undefined;
    if (!p) return null;
    return (
      <div className={classes.tip}>
        <strong>
          proxy {p.at}, round {p.round + 1}
        </strong>
        <span>scores {scoreText(p.value)}</span>
        <span>
          best so far {scoreText(p.best)}
          {p.band && ` [${scoreText(p.band[0])}, ${scoreText(p.band[1])}]`}
        </span>
      </div>
    );
  };
  return (
    <div className={classes.plot} role="img" aria-label={summary}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={curve as CurvePoint[]}
          margin={{ top: 14, right: 14, bottom: 14, left: -6 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--line)" strokeWidth={0.75} vertical={false} />
          <XAxis
            type="number"
            dataKey="at"
            domain={[0, total]}
            tick={TICK}
            stroke="var(--line)"
            ticks={niceTicks(0, total, 8)}
            label={{
              value: "proxies measured",
              position: "insideBottomRight",
              offset: -8,
              fontSize: 11,
              fill: "var(--ink-2)",
            }}
          />
          <YAxis
            type="number"
            domain={[low - pad, high + pad]}
            ticks={ticks}
            tick={TICK}
            tickFormatter={(v: number) => scoreText(v, tickDecimals(ticks, 100))}
            stroke="var(--line)"
            width={48}
          />
          <Tooltip content={tip} isAnimationActive={false} cursor={{ stroke: "var(--line)" }} />
          {roundEnds(rounds).map((at, i) => (
            <ReferenceLine
              key={at}
              x={at + 0.5}
              stroke="var(--ink-2)"
              strokeOpacity={0.5}
              strokeDasharray="2 3"
              label={{
                value: `round ${i + 2} →`,
                position: "insideTopLeft",
                fontSize: 10.5,
                fill: "var(--ink-2)",
                dy: -12,
              }}
            />
          ))}
          {base !== null && base >= low - pad && (
            <ReferenceLine
              y={base}
              stroke="var(--base)"
              label={{ value: "base", position: "insideBottomLeft", fontSize: 10.5, fill: "var(--ink-2)" }}
            />
          )}
          {curve.length > 1 && (
            <Area
              dataKey="band"
              type="stepAfter"
              stroke="none"
              fill="var(--best)"
              fillOpacity={0.14}
              isAnimationActive={false}
              activeDot={false}
            />
          )}
          <Scatter
            dataKey="value"
            isAnimationActive={false}
            shape={(dot: {
              cx?: number | undefined;
              cy?: number | undefined;
              payload?: CurvePoint | undefined;
            }) => {
              const { color, mark } = roundStyle(dot.payload?.round ?? 0);
              return (
                <path
                  d={markPath(mark, 2.6)}
                  transform={`translate(${dot.cx ?? 0} ${dot.cy ?? 0})`}
                  fill={color}
                  fillOpacity={0.8}
                />
              );
            }}
          />
          {curve.length > 1 && (
            <Line
              dataKey="best"
              type="stepAfter"
              stroke="var(--best)"
              strokeWidth={2}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}
