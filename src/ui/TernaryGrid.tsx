import { memo } from "react";
import type { Barycentric } from "../core/mixture/slice";
import classes from "./TernaryPlot.module.css";
import { type TernaryFrame, toXy } from "./ternary-geometry";

const TICKS = [0.2, 0.4, 0.6, 0.8] as const;

/** Outline, grid lines and the three axes' ticks; `room` is what the held components leave: ticks show shares of it. */
export const TernaryGrid = memo(function TernaryGrid(props: {
  readonly frame: TernaryFrame;
  readonly room: number;
  readonly filled: boolean;
}) {
  const { frame, room, filled } = props;
  const line = (a: Barycentric, b: Barycentric) => {
    const [x1, y1] = toXy(frame, a);
    const [x2, y2] = toXy(frame, b);
    return { x1, y1, x2, y2 };
  };
  const outline = frame.corners.map((c) => c.join(",")).join(" ");
  return (
    <svg className={classes.grid} width={frame.width} height={frame.height} aria-hidden="true">
      <polygon points={outline} className={filled ? classes.outline : classes.empty} />
      {TICKS.map((t) => {
        const rest = 1 - t;
        const share = Math.round(t * room * 100);
        const [ax, ay] = toXy(frame, [t, rest, 0]);
        const [bx, by] = toXy(frame, [0, t, rest]);
        const [cx, cy] = toXy(frame, [rest, 0, t]);
        return (
          <g key={t}>
            <line {...line([t, rest, 0], [t, 0, rest])} className={classes.gridLine} />
            <line {...line([0, t, rest], [rest, t, 0])} className={classes.gridLine} />
            <line {...line([rest, 0, t], [0, rest, t])} className={classes.gridLine} />
            {room > 0.001 && (
              <>
                <text x={ax - 7} y={ay + 4} textAnchor="end" className={classes.tick}>
                  {share}
                </text>
                <text x={bx} y={by + 15} textAnchor="middle" className={classes.tick}>
                  {share}
                </text>
                <text x={cx + 7} y={cy + 4} className={classes.tick}>
                  {share}
                </text>
              </>
            )}
          </g>
        );
      })}
    </svg>
  );
});
