import { useMemo, useRef } from "react";
import type { Mixture } from "../../core/mixture/mixture";
import { slicePoint, sliceRoom } from "../../core/mixture/slice";
import { hover, useHover } from "../../state/hover-store";
import { useMixture } from "../../state/mixture-store";
import type { SearchPoint } from "../../state/search-store";
import { useView } from "../../state/view-store";
import { useLoadedSet } from "../../state/workbench-store";
import { componentColor } from "../../ui/colors";
import { points as scoreText } from "../../ui/format";
import { mixText } from "../../ui/MiniMix";
import { TernaryCorner } from "../../ui/TernaryCorner";
import { TernaryGrid } from "../../ui/TernaryGrid";
import { ternaryFrame, toXy } from "../../ui/ternary-geometry";
import { useElementSize } from "../../ui/use-element-size";
import { convexHull } from "./cloud";
import { markPath, roundStyle } from "./round-style";
import classes from "./SearchTernary.module.css";

const MARGIN = { top: 24, right: 26, bottom: 38, left: 26 };

/** Every proxy of the search on a triangle, a cloud a round, and the recommended mixture. */
export function SearchTernary(props: {
  readonly points: readonly SearchPoint[];
  readonly rounds: number;
  readonly recommended: Mixture | null;
}) {
  const { points, rounds, recommended } = props;
  const { spec } = useLoadedSet();
  const axes = useView((s) => s.axes);
  const setAxis = useView((s) => s.setAxis);
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);
  const frame = useMemo(() => ternaryFrame(width, height, MARGIN), [width, height]);
  const labels = spec.components.map((c) => c.label);
  const options = labels.map((label, i) => ({ label, color: componentColor(i) }));
  const subject = useHover((s) => s.subject);
  const active = subject?.kind === "mixture" ? subject.alpha.join(" ") : null;
  const place = (alpha: Mixture) => toXy(frame, slicePoint(alpha, axes));
  const best = points.reduce((top, p) => (top && top.value >= p.value ? top : p), points[0]);
  const hulls = Array.from({ length: rounds }, (_, round) =>
    convexHull(points.filter((p) => p.round === round).map((p) => place(p.alpha))),
  );
  const [top, left, right] = frame.corners;
  const corners = [
    { left: top[0], top: top[1] - 8, transform: "translate(-50%, -100%)" },
    { left: left[0], top: left[1] + 18, transform: "translateX(-40%)" },
    { left: right[0], top: right[1] + 18, transform: "translateX(-60%)" },
  ];
  const summary = `${points.length} proxies on the triangle ${axes.map((i) => labels[i]).join(", ")}${
    best ? `; best so far ${scoreText(best.value)}: ${mixText(best.alpha, labels)}` : ""
  }.`;
  return (
    <div ref={box} className={classes.plot}>
      {frame.side > 0 && (
        <>
          <TernaryGrid frame={frame} room={1} filled={false} />
          <svg className={classes.marks} role="img" aria-label={summary}>
            {hulls.map((hull, round) =>
              hull.length > 2 ? (
                <polygon
                  // biome-ignore lint/suspicious/noArrayIndexKey: a hull is its round
                  key={round}
                  points={hull.map((c) => c.join(",")).join(" ")}
                  fill={roundStyle(round).color}
                  stroke={roundStyle(round).color}
                  className={classes.cloud}
                />
              ) : null,
            )}
            {points.map((point) => {
              const key = point.alpha.join(" ");
              const [x, y] = place(point.alpha);
              const { color, mark } = roundStyle(point.round);
              const on = key === active;
              return (
                // biome-ignore lint/a11y/noStaticElementInteractions: the list of the best proxies is operable by keyboard
                <path
                  key={`${point.round} ${key}`}
                  d={markPath(mark, on ? 6 : 3.6)}
                  transform={`translate(${x} ${y})`}
                  fill={color}
                  className={classes.point}
                  data-on={on}
                  opacity={on ? 1 : 0.3 + 0.7 * sliceRoom(point.alpha, axes)}
                  onPointerEnter={() => hover({ kind: "mixture", alpha: point.alpha })}
                  onPointerLeave={() => hover(null)}
                  onClick={() => useMixture.getState().setAlpha(point.alpha)}
                >
                  <title>{`round ${point.round + 1}: ${scoreText(point.value)}\n${mixText(point.alpha, labels)}`}</title>
                </path>
              );
            })}
            {best && (
              <circle cx={place(best.alpha)[0]} cy={place(best.alpha)[1]} r={9} className={classes.best} />
            )}
            {recommended && <Star at={place(recommended)} />}
          </svg>
          {axes.map((component, corner) => (
            <TernaryCorner
              key={["top", "left", "right"][corner]}
              place={(["top", "left", "right"] as const)[corner]!}
              value={component}
              options={options}
              onChange={(i) => setAxis(corner as 0 | 1 | 2, i)}
              style={corners[corner]!}
            />
          ))}
        </>
      )}
    </div>
  );
}

function Star({ at }: { readonly at: readonly [number, number] }) {
  const d = Array.from({ length: 10 }, (_, i) => {
    const r = i % 2 === 0 ? 10 : 4.4;
    const angle = (Math.PI * i) / 5 - Math.PI / 2;
    return `${i === 0 ? "M" : "L"}${(r * Math.cos(angle)).toFixed(2)} ${(r * Math.sin(angle)).toFixed(2)}`;
  }).join("");
  return (
    <path d={`${d}Z`} transform={`translate(${at[0]} ${at[1]})`} className={classes.star}>
      <title>the recommended mixture</title>
    </path>
  );
}
