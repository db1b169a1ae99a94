import { useRef } from "react";
import { deltaPercent } from "../../ui/amounts";
import { componentColor } from "../../ui/colors";
import { useElementSize } from "../../ui/use-element-size";
import { LARGE_DELTA, PAPER_TABLE_12 } from "./grade";
import classes from "./SetPage.module.css";
import type { CheckedSet } from "./use-health";

const PLOT = 150;
const ROW = 17;
const LEFT = 40;
const RIGHT = 12;
const TOP = 22;
const BOTTOM = 36;
const LOW = 0.7;
const HIGH = 1.1;

/** The paper's points (score of merged ÷ trained against δ) and where this set's components stand on that axis. */
export function DeltaChart({ info }: { readonly info: CheckedSet }) {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  const { components } = info.spec;
  const largest = Math.max(0.12, ...info.health.map((h) => h.delta * 1.08));
  // Largest first: no line runs through another component's label.
  const order = info.health.map((_, i) => i).sort((a, b) => info.health[b]!.delta - info.health[a]!.delta);
  const foot = TOP + PLOT;
  const rows = foot + ROW * info.health.length;
  const height = rows + BOTTOM;
  const x = (delta: number) => LEFT + (delta / largest) * Math.max(0, width - LEFT - RIGHT);
  const y = (ratio: number) => TOP + ((HIGH - ratio) / (HIGH - LOW)) * PLOT;
  const line = (of: "math" | "code") => PAPER_TABLE_12.map((p) => `${x(p.delta)},${y(p[of])}`).join(" ");
  const ticks = [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12].filter((t) => t <= largest);
  const words = info.health.map((h, i) => `${components[i]?.label} ${deltaPercent(h.delta)}`).join(", ");
  return (
    <section className={classes.section}>
      <h2>Against the paper's merged and trained models</h2>
      <p className={classes.quiet}>
        Score of merged ÷ score of really trained, by update δ (Table 12: ● math, ◆ code). Lines: this set's
        components.
      </p>
      <div ref={box} className={classes.chart}>
        <svg
          className={classes.canvas}
          width={width}
          height={height}
          role="img"
          aria-label={`Updates of this set: ${words}`}
        >
          <rect
            className={classes.danger}
            x={x(LARGE_DELTA)}
            y={TOP}
            width={Math.max(0, width - RIGHT - x(LARGE_DELTA))}
            height={PLOT}
          />
          {[0.7, 0.8, 0.9, 1, 1.1].map((ratio) => (
            <g key={ratio}>
              <line
                className={ratio === 1 ? classes.one : classes.grid}
                x1={LEFT}
                x2={width - RIGHT}
                y1={y(ratio)}
                y2={y(ratio)}
              />
              <text className={classes.axis} x={LEFT - 6} y={y(ratio) + 4} textAnchor="end">
                {Math.round(ratio * 100)}
              </text>
            </g>
          ))}
          {ticks.map((t) => (
            <text key={t} className={classes.axis} x={x(t)} y={rows + 18} textAnchor="middle">
              {Math.round(t * 100)}
            </text>
          ))}
          <text className={classes.axis} x={(LEFT + width - RIGHT) / 2} y={height - 3} textAnchor="middle">
            update δ, %
          </text>
          <text className={classes.axis} x={LEFT - 30} y={TOP - 9}>
            merged ÷ trained, %
          </text>
          <text className={classes.axis} x={width - RIGHT - 4} y={TOP + 13} textAnchor="end">
            not to trust
          </text>
          {order.map((i, row) => {
            const h = info.health[i]!;
            const at = foot + ROW * (row + 0.5) + 3;
            const left = x(h.delta) > width * 0.7;
            return (
              <g key={h.id} stroke={componentColor(i)}>
                <line className={classes.guide} x1={x(h.delta)} x2={x(h.delta)} y1={TOP} y2={at} />
                <circle cx={x(h.delta)} cy={at} r={4} fill={componentColor(i)} />
                <text
                  className={classes.label}
                  stroke="none"
                  x={x(h.delta) + (left ? -9 : 9)}
                  y={at + 4}
                  textAnchor={left ? "end" : "start"}
                >
                  {components[i]?.label} {deltaPercent(h.delta)}
                </text>
              </g>
            );
          })}
          <line className={classes.grid} x1={LEFT} x2={width - RIGHT} y1={rows + 4} y2={rows + 4} />
          <polyline className={classes.paper} points={line("math")} />
          <polyline className={classes.paper} points={line("code")} />
          {PAPER_TABLE_12.map((p) => (
            <g key={p.delta} className={classes.points}>
              <circle cx={x(p.delta)} cy={y(p.math)} r={4}>
                <title>{`δ ${deltaPercent(p.delta)}, math ${Math.round(p.math * 100)} %`}</title>
              </circle>
              <path d={`M${x(p.delta)} ${y(p.code) - 5}l5 5l-5 5l-5 -5z`}>
                <title>{`δ ${deltaPercent(p.delta)}, code ${Math.round(p.code * 100)} %`}</title>
              </path>
            </g>
          ))}
        </svg>
      </div>
    </section>
  );
}
