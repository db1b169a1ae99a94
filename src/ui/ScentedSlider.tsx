import { IconLock, IconLockOpen2 } from "@tabler/icons-react";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";
import classes from "./ScentedSlider.module.css";
import { ShareField } from "./ShareField";

export interface ScentedSliderProps {
  readonly label: string;
  readonly color: string;
  readonly share: number;
  /** CSS background of the track: what the score would be along it; null for a plain track. */
  readonly scent: string | null;
  /** Share that is recommended. */
  readonly tick: number | null;
  readonly locked: boolean;
  /** Another number for the field to show and edit than the share itself; `toShare` translates back. */
  readonly field?: {
    readonly label: string;
    readonly share: number;
    readonly toShare: (value: number) => number;
  } | null;
  /** A second number beside the share, the effective data share for example. */
  readonly aside?: ReactNode;
  readonly valueText: string;
  readonly onChange: (share: number) => void;
  readonly onBegin: () => void;
  readonly onEnd: () => void;
  readonly onToggleLock: () => void;
}

/** Steps of the keys; with shift the arrows are ten times finer. */
const STEP = 0.01;
const PAGE = 0.05;

/** A share as a slider whose track shows where the score goes, with a number to edit and a lock. */
export function ScentedSlider(props: ScentedSliderProps) {
  const { label, share, scent, tick, locked, field, onChange, onBegin, onEnd } = props;
  const dragging = useRef(false);
  const thumb = useRef<HTMLDivElement>(null);

  const shareAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || locked) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    thumb.current?.focus({ preventScroll: true });
    dragging.current = true;
    onBegin();
    onChange(shareAt(event));
  };
  const move = (event: PointerEvent) => {
    if (dragging.current) onChange(shareAt(event));
  };
  const up = () => {
    if (!dragging.current) return;
    dragging.current = false;
    onEnd();
  };
  const key = (event: KeyboardEvent) => {
    const to = keyTarget(event, share);
    if (to === null || locked) return;
    event.preventDefault();
    onBegin();
    onChange(Math.min(1, Math.max(0, to)));
    onEnd();
  };

  return (
    <div className={classes.slider}>
      <div className={classes.head}>
        <span className={classes.swatch} style={{ background: props.color }} />
        <span className={classes.label}>{label}</span>
        {props.aside}
        <ShareField
          label={field?.label ?? `${label}, merge share in percent`}
          share={field?.share ?? share}
          disabled={locked}
          onCommit={(value) => onChange(field ? field.toShare(value) : value)}
        />
        <button
          type="button"
          className={classes.lock}
          aria-pressed={locked}
          aria-label={`Lock ${label}`}
          title={locked ? "Locked: other sliders leave it alone" : "Lock this share"}
          onClick={props.onToggleLock}
        >
          {locked ? <IconLock size={14} /> : <IconLockOpen2 size={14} />}
        </button>
      </div>
      <div
        className={classes.rail}
        data-locked={locked}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      >
        <div className={classes.track} style={scent ? { background: scent } : undefined} />
        {tick !== null && (
          <div className={classes.tick} style={{ left: `${tick * 100}%` }} title="Recommended share" />
        )}
        <div className={classes.carrier} style={{ translate: `${share * 100}% 0` }}>
          <div
            ref={thumb}
            role="slider"
            tabIndex={0}
            className={classes.thumb}
            aria-label={label}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 1000) / 10}
            aria-valuetext={props.valueText}
            aria-disabled={locked}
            onKeyDown={key}
          />
        </div>
      </div>
    </div>
  );
}

function keyTarget(event: KeyboardEvent, share: number): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const step = event.shiftKey ? STEP / 10 : STEP;
  switch (event.key) {
    case "ArrowRight":
    case "ArrowUp":
      return share + step;
    case "ArrowLeft":
    case "ArrowDown":
      return share - step;
    case "PageUp":
      return share + PAGE;
    case "PageDown":
      return share - PAGE;
    case "Home":
      return 0;
    case "End":
      return 1;
    default:
      return null;
  }
}
