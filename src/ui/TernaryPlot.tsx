import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useRef, useState } from "react";
import type { Barycentric } from "../core/mixture/slice";
import { type LegendTick, ScoreLegend } from "./ScoreLegend";
import { TernaryCanvas, type TernaryCanvasProps } from "./TernaryCanvas";
import { type CornerOption, TernaryCorner } from "./TernaryCorner";
import { TernaryGrid } from "./TernaryGrid";
import classes from "./TernaryPlot.module.css";
import { arrowStep, clampBarycentric, isInside, ternaryFrame, toBarycentric, toXy } from "./ternary-geometry";
import { useElementSize } from "./use-element-size";

export interface TernaryPlotProps extends Omit<TernaryCanvasProps, "frame"> {
  readonly current: Barycentric;
  /** A place pointed at elsewhere on the page. */
  readonly highlight: Barycentric | null;
  /** What the held components leave for the three corners, in [0, 1]. */
  readonly room: number;
  readonly corners: readonly [number, number, number];
  readonly components: readonly CornerOption[];
  readonly onCorner: (corner: 0 | 1 | 2, component: number) => void;
  readonly onMove: (p: Barycentric) => void;
  readonly onBegin: () => void;
  readonly onEnd: () => void;
  /** A painted point was clicked. */
  readonly onPick: (id: string) => void;
  /** The three shares and the predicted score, in words. */
  readonly valueText: string;
  /** What the tooltip says of a place; `point` is the id of the painted point under the pointer. */
  readonly tooltip: (p: Barycentric, point: string | null) => ReactNode;
  readonly legend: { readonly title: string; readonly ticks: readonly LegendTick[] };
}

const MARGIN = { top: 30, right: 30, bottom: 42, left: 30 };
const LARGE_SCREEN = 2400;
/** Room that a tooltip needs at the right of its place. */
const TIP_PX = 270;
const PICK_PX = 7;
const HANDLE_PX = 24;

/** A triangle of mixtures coloured by a score; its current point moves with mouse, finger and keys. */
export function TernaryPlot(props: TernaryPlotProps) {
  const { current, corners, components, points, onMove, onBegin, onEnd, tooltip } = props;
  const box = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLDivElement>(null);
  const dragging = useRef<{ moved: boolean; pick: string | null } | null>(null);
  const [hover, setHover] = useState<{ p: Barycentric; point: string | null } | null>(null);
  const [active, setActive] = useState(false);
  const { width, height } = useElementSize(box);
  // Corner labels are larger on large screens (the style sheet), and so is the room for them.
  const labelGrow = width > 0 && window.innerWidth >= LARGE_SCREEN ? 1.4 : 1;
  const frame = useMemo(() => {
    const { top, right, bottom, left } = MARGIN;
    return ternaryFrame(width, height, {
      top: top * labelGrow,
      right: right * labelGrow,
      bottom: bottom * labelGrow,
      left: left * labelGrow,
    });
  }, [width, height, labelGrow]);
  const [x, y] = toXy(frame, current);

  const place = (event: PointerEvent) => {
    const bounds = event.currentTarget.getBoundingClientRect();
    const zoom = width > 0 ? bounds.width / width : 1;
    const at = [(event.clientX - bounds.left) / zoom, (event.clientY - bounds.top) / zoom] as const;
    let point: string | null = null;
    let nearest = PICK_PX;
    for (const candidate of points) {
      const [px, py] = toXy(frame, candidate.at);
      const distance = Math.hypot(px - at[0], py - at[1]);
      if (distance < nearest) {
        point = candidate.id;
        nearest = distance;
      }
    }
    return { p: toBarycentric(frame, ...at), point, handle: Math.hypot(x - at[0], y - at[1]) < HANDLE_PX };
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0 || frame.side <= 0) return;
    const at = place(event);
    if (!isInside(at.p, 0.015) && !at.handle) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    handle.current?.focus({ preventScroll: true });
    const nearHandle = at.handle && at.point === null;
    dragging.current = { moved: false, pick: at.point };
    setActive(true);
    onBegin();
    if (!at.point && !nearHandle) onMove(clampBarycentric(at.p));
  };
  const move = (event: PointerEvent) => {
    const drag = dragging.current;
    const at = place(event);
    if (!drag) {
      const inside = isInside(at.p, 0.01);
      if (inside || hover) setHover(inside ? { p: at.p, point: at.point } : null);
      return;
    }
    if (drag.pick && at.point === drag.pick && !drag.moved) return;
    drag.moved = true;
    if (hover) setHover(null);
    onMove(clampBarycentric(at.p));
  };
  const up = () => {
    const drag = dragging.current;
    if (!drag) return;
    dragging.current = null;
    setActive(false);
    if (drag.pick && !drag.moved) props.onPick(drag.pick);
    onEnd();
  };
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = arrowStep(current, event.key, (event.shiftKey ? 0.05 : 0.01) / Math.max(props.room, 0.01));
    if (!next) return;
    event.preventDefault();
    onBegin();
    onMove(next);
    onEnd();
  };

  const tip = active ? { p: current, point: null } : hover;
  const [tipX, tipY] = tip ? toXy(frame, tip.p) : [0, 0];
  const [highlightX, highlightY] = props.highlight ? toXy(frame, props.highlight) : [0, 0];
  const [top, left, right] = frame.corners;
  const cornerStyles = [
    { left: top[0], top: top[1] - 10, transform: "translate(-50%, -100%)" },
    { left: left[0] - 24, top: left[1] + 20 * labelGrow },
    { right: width - right[0] - 24, top: right[1] + 20 * labelGrow },
  ] as const;
  return (
    <div ref={box} className={classes.plot}>
      <TernaryCanvas
        frame={frame}
        field={props.field}
        range={props.range}
        contours={props.contours}
        uncertainty={props.uncertainty}
        points={points}
        contourLabel={props.contourLabel}
        quick={props.quick ?? false}
      />
      <TernaryGrid frame={frame} room={props.room} filled={props.field !== null} />
      <div
        className={classes.surface}
        data-dragging={active}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onPointerLeave={() => setHover(null)}
      >
        {props.highlight && (
          <div className={classes.highlight} style={{ translate: `${highlightX}px ${highlightY}px` }} />
        )}
        {frame.side > 0 && (
          <div
            ref={handle}
            role="slider"
            tabIndex={0}
            className={classes.handle}
            style={{ translate: `${x}px ${y}px` }}
            aria-label="Mixture in the triangle"
            aria-roledescription="two-dimensional slider"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(current[0] * props.room * 100)}
            aria-valuetext={props.valueText}
            aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight 0 1 2 3"
            onKeyDown={key}
          />
        )}
      </div>
      {frame.side > 0 &&
        corners.map((component, corner) => (
          <TernaryCorner
            key={["top", "left", "right"][corner]}
            place={(["top", "left", "right"] as const)[corner]!}
            value={component}
            options={components}
            onChange={(i) => props.onCorner(corner as 0 | 1 | 2, i)}
            style={cornerStyles[corner]!}
          />
        ))}
      {props.field && frame.side > 0 && (
        <div className={classes.legend}>
          <ScoreLegend range={props.range} title={props.legend.title} ticks={props.legend.ticks} />
        </div>
      )}
      {tip && (
        <div
          className={classes.tooltip}
          data-left={tipX > width - TIP_PX}
          data-up={tipY > height - 100}
          style={{ left: tipX, top: tipY }}
        >
          {tooltip(tip.p, tip.point)}
        </div>
      )}
    </div>
  );
}
