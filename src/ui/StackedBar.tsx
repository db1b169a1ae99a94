import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { textOn } from "./colors";
import classes from "./StackedBar.module.css";
import { boundaries, moveBoundary, pickBoundary } from "./stacked-bar";

export interface StackedBarProps {
  /** Accessible name of the bar. */
  readonly label: string;
  /** One share a segment, sum 1. */
  readonly shares: readonly number[];
  readonly labels: readonly string[];
  readonly colors: readonly string[];
  /** Given the new shares and the boundary that moved (between segments b and b + 1); without it the bar only shows. */
  readonly onBoundaryMove?: (shares: number[], boundary: number) => void;
  /** Around a drag, or around a key press. */
  readonly onGestureBegin?: () => void;
  readonly onGestureEnd?: () => void;
  /** Boundaries that cannot move (a locked neighbour). */
  readonly fixed?: readonly boolean[];
  readonly height?: number;
}

const REACH_PX = 12;
/** Room in pixels that a label takes a character, and around it. */
const CHARACTER_PX = 6.4;
const MARGIN_PX = 12;

const whole = (share: number) => Math.round(share * 100);

/** A bar of shares with their labels; its boundaries can be dragged with mouse, finger and arrow keys. */
export function StackedBar(props: StackedBarProps) {
  const { label, shares, labels, colors, onBoundaryMove, fixed, height = 20 } = props;
  const bar = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const drag = useRef<{ from: number; boundary: number | null } | null>(null);
  useEffect(() => {
    const element = bar.current;
    if (!element) return;
    // The observer reports once at the start, without forcing a layout.
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const position = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const reach = width > 0 ? REACH_PX / width : 0;

  const down = (event: PointerEvent) => {
    const from = position(event);
    if (event.button !== 0 || pickBoundary(shares, from, reach, 1, fixed) === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { from, boundary: null };
    props.onGestureBegin?.();
  };
  const move = (event: PointerEvent) => {
    const now = drag.current;
    if (!now) return;
    const at = position(event);
    if (at === now.from && now.boundary === null) return;
    now.boundary ??= pickBoundary(shares, now.from, reach, at - now.from, fixed);
    if (now.boundary !== null) onBoundaryMove?.(moveBoundary(shares, now.boundary, at), now.boundary);
  };
  const up = () => {
    if (!drag.current) return;
    drag.current = null;
    props.onGestureEnd?.();
  };
  const key = (event: KeyboardEvent, b: number, at: number) => {
    const step = event.shiftKey ? 0.05 : 0.01;
    const to = {
      ArrowLeft: at - step,
      ArrowDown: at - step,
      ArrowRight: at + step,
      ArrowUp: at + step,
      Home: 0,
      End: 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    props.onGestureBegin?.();
    onBoundaryMove?.(moveBoundary(shares, b, to), b);
    props.onGestureEnd?.();
  };

  const summary = shares.map((s, i) => `${labels[i]} ${whole(s)} %`).join(", ");
  const handlers = onBoundaryMove
    ? { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up }
    : {};
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a bar
    <div
      ref={bar}
      role="group"
      aria-label={`${label}: ${summary}`}
      className={classes.bar}
      data-movable={onBoundaryMove ? true : undefined}
      style={{ height }}
      {...handlers}
    >
      <div className={classes.segments}>
        {shares.map((share, i) => {
          const color = colors[i] ?? "#888888";
          const text = `${labels[i]} ${whole(share)}`;
          const short = `${whole(share)}`;
          const room = share * width - MARGIN_PX;
          return (
            <div
              key={labels[i]}
              className={classes.segment}
              title={`${labels[i]} ${(share * 100).toFixed(1)} %`}
              style={{ width: `${share * 100}%`, background: color, color: textOn(color) }}
            >
              {room > text.length * CHARACTER_PX ? text : room > short.length * CHARACTER_PX ? short : ""}
            </div>
          );
        })}
      </div>
      {onBoundaryMove &&
        boundaries(shares).map((at, b) => {
          const pair = shares[b]! + shares[b + 1]!;
          return fixed?.[b] ? null : (
            <div
              key={`${labels[b]} ${labels[b + 1]}`}
              role="slider"
              tabIndex={0}
              className={classes.handle}
              style={{ left: `${at * 100}%` }}
              aria-label={`${label}: boundary between ${labels[b]} and ${labels[b + 1]}`}
              aria-valuemin={0}
              aria-valuemax={whole(pair)}
              aria-valuenow={whole(shares[b]!)}
              aria-valuetext={`${labels[b]} ${whole(shares[b]!)} %, ${labels[b + 1]} ${whole(shares[b + 1]!)} %`}
              onKeyDown={(event) => key(event, b, at)}
            />
          );
        })}
    </div>
  );
}
