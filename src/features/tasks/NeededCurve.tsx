import { useRef } from "react";
import { itemsNeeded, type Power, smallestDifference } from "../../core/scoring/items-needed";
import { count, points } from "../../ui/format";
import { useElementSize } from "../../ui/use-element-size";
import classes from "./TasksPage.module.css";

const HEIGHT = 190;
const PAD = { left: 52, right: 14, top: 10, bottom: 28 } as const;
/** Sizes around the present one, as factors of it. */
const [LEAST, MOST] = [0.05, 50];

/** Items against the smallest difference that they tell apart, both logarithmic; the dot is where the task set stands. */
export function NeededCurve(props: {
  readonly sd: number;
  readonly items: number;
  readonly power: Power;
  /** The difference that is asked for; null without one. */
  readonly delta: number | null;
}) {
  const { sd, items, power, delta } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(box);
  if (!(sd > 0)) return <p className={classes.quiet}>These mixtures do not differ on any item.</p>;
  const low = Math.max(2, items * LEAST);
  const high = items * MOST;
  const [top, bottom] = [smallestDifference(sd, low, power), smallestDifference(sd, high, power)];
  const x = (n: number) =>
    PAD.left + (Math.log(n / low) / Math.log(high / low)) * Math.max(0, width - PAD.left - PAD.right);
  const y = (d: number) =>
    PAD.top + (Math.log(top / d) / Math.log(top / bottom)) * (HEIGHT - PAD.top - PAD.bottom);
  const at = smallestDifference(sd, items, power);
  const needed = delta === null ? null : itemsNeeded(sd, delta, power);
  const shown = needed !== null && needed >= low && needed <= high;
  return (
    <div ref={box} className={classes.curve}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`The smallest difference falls with the root of the number of items: ${points(top)} points at ${count(low)} items, ${points(at)} at the present ${count(items)}, ${points(bottom)} at ${count(high)}.`}
        >
          {decades(low, high).map((n) => (
            <g key={n}>
              <line x1={x(n)} x2={x(n)} y1={PAD.top} y2={HEIGHT - PAD.bottom} className={classes.grid} />
              <text x={x(n)} y={HEIGHT - 10} textAnchor="middle" className={classes.axis}>
                {count(n)}
              </text>
            </g>
          ))}
          {decades(bottom * 100, top * 100).map((d) => (
            <g key={d}>
              <line
                x1={PAD.left}
                x2={width - PAD.right}
                y1={y(d / 100)}
                y2={y(d / 100)}
                className={classes.grid}
              />
              <text x={PAD.left - 6} y={y(d / 100) + 4} textAnchor="end" className={classes.axis}>
                {d}
              </text>
            </g>
          ))}
          <text x={PAD.left + 6} y={HEIGHT - PAD.bottom - 6} className={classes.axis}>
            items →
          </text>
          <text x={width - PAD.right} y={PAD.top + 10} textAnchor="end" className={classes.axis}>
            points told apart
          </text>
          <line x1={x(low)} y1={y(top)} x2={x(high)} y2={y(bottom)} className={classes.curveLine} />
          {shown && (
            <path
              d={`M${PAD.left} ${y(delta!)} H${x(needed)} V${HEIGHT - PAD.bottom}`}
              className={classes.curveWanted}
            />
          )}
          <circle cx={x(items)} cy={y(at)} r={5} className={classes.curveDot} />
          <text x={x(items) + 8} y={y(at) - 7} className={classes.curveLabel}>
            now
          </text>
        </svg>
      )}
    </div>
  );
}

/** 1, 2 and 5 times powers of ten inside [low, high]; powers alone where those are many. */
function decades(low: number, high: number): number[] {
  const all: number[] = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
    for (const m of [1, 2, 5]) all.push(Number((m * 10 ** e).toPrecision(6)));
  const inside = all.filter((n) => n >= low && n <= high);
  return inside.length <= 7 ? inside : inside.filter((n) => /^[1](0*|e.*)$|^0\.0*1$/.test(String(n)));
}
