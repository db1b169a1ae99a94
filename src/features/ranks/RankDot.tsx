import { usePlotArea } from "recharts";
import { hover, useHover } from "../../state/hover-store";
import classes from "./RankScatter.module.css";
import { mixtureKey, type RankPoint } from "./rank-points";

export interface DotAxes {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

const useIsOn = (key: string): boolean =>
  useHover((s) => s.subject?.kind === "mixture" && mixtureKey(s.subject.alpha) === key);

/** A mixture in a scatter: it shows its two intervals while it is pointed at, here or anywhere else. */
export function RankDot(props: {
  readonly cx?: number | undefined;
  readonly cy?: number | undefined;
  readonly point: RankPoint;
  readonly axes: DotAxes;
  readonly onPick: (point: RankPoint) => void;
}) {
  const { cx, cy, point, axes, onPick } = props;
  const on = useIsOn(point.key);
  const area = usePlotArea();
  if (cx === undefined || cy === undefined || !area) return null;
  // An interval may reach beyond the axes: it ends at the plot's edge.
  const along = (v: number, [low, high]: readonly [number, number]) =>
    Math.min(1, Math.max(0, (v - low) / (high - low)));
  const x = (v: number) => area.x + along(v, axes.x) * area.width;
  const y = (v: number) => area.y + (1 - along(v, axes.y)) * area.height;
  const { proxy, reference } = point;
  return (
    <g>
      {on && Number.isFinite(proxy.low) && (
        <line x1={x(proxy.low)} x2={x(proxy.high)} y1={cy} y2={cy} className={classes.whisker} />
      )}
      {on && Number.isFinite(reference.low) && (
        <line x1={cx} x2={cx} y1={y(reference.low)} y2={y(reference.high)} className={classes.whisker} />
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the panel around it is operable by keyboard */}
      <circle
        cx={cx}
        cy={cy}
        r={on ? 5.5 : point.top ? 4.2 : 3.6}
        className={classes.dot}
        data-top={point.top}
        data-on={on}
        onPointerEnter={() => hover({ kind: "mixture", alpha: point.alpha })}
        onPointerLeave={() => hover(null)}
        onClick={() => onPick(point)}
      />
    </g>
  );
}
