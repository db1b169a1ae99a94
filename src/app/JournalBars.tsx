import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { subjectText } from "../core/scoring/address";
import { useMeasured } from "../state/hooks";
import { hover } from "../state/hover-store";
import { useMixture } from "../state/mixture-store";
import { useView } from "../state/view-store";
import { useWorkbench } from "../state/workbench-store";
import { useElementSize } from "../ui/use-element-size";
import { BarTip } from "./BarTip";
import { barWords } from "./bar-words";
import classes from "./JournalStrip.module.css";
import { barHeight, barPitch, type JournalBar, type JournalScale } from "./journal-bars";

/** Bars drawn outside the visible part, at each side. */
const MARGIN = 20;

/** The bars: arrows move between them, Enter and click return to a mixture. Only the visible ones are in the page. */
export function JournalBars(props: {
  readonly bars: readonly JournalBar[];
  readonly scale: JournalScale | null;
  readonly label: string;
}) {
  const { bars, scale, label } = props;
  const viewport = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(viewport);
  const [scroll, setScroll] = useState(0);
  const [active, setActive] = useState<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const alpha = useMixture((s) => s.alpha);
  const current = useMemo(() => subjectText({ kind: "mixture", alpha }), [alpha]);
  const n = bars.length;
  const pitch = barPitch(n + 1, width);

  // Newest right: a new measurement comes into view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the count or the room changes
  useLayoutEffect(() => {
    const element = viewport.current;
    if (element) element.scrollLeft = element.scrollWidth;
  }, [n, pitch]);
  useEffect(() => () => hover(null), []);

  const point = (i: number | null) => {
    setPointed(i);
    hover(i === null ? null : (bars[i]?.measurement.key.subject ?? null));
  };
  const visit = (i: number) => {
    const subject = bars[i]?.measurement.key.subject;
    if (subject?.kind === "mixture") useMixture.getState().setAlpha(subject.alpha);
  };
  const focusBar = (i: number) => {
    setActive(i);
    viewport.current?.scrollTo({ left: i * pitch - width / 2 });
    requestAnimationFrame(() => viewport.current?.querySelector<HTMLElement>(`[data-bar="${i}"]`)?.focus());
  };
  const stop = Math.min(active ?? n - 1, n - 1);
  const key = (event: KeyboardEvent) => {
    const to = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: n - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    focusBar(Math.min(n - 1, Math.max(0, to)));
  };

  const from = Math.max(0, Math.floor(scroll / pitch) - MARGIN);
  const until = Math.min(n, Math.ceil((scroll + width) / pitch) + MARGIN);
  const shown = bars.slice(from, until).map((bar, i) => ({ bar, i: from + i }));
  const kept = bars[stop];
  if (kept && (stop < from || stop >= until)) shown.push({ bar: kept, i: stop });
  const tip = pointed === null ? undefined : bars[pointed];
  return (
    <div className={classes.area}>
      <div
        ref={viewport}
        className={classes.viewport}
        role="toolbar"
        aria-label={`${n} measurements, newest last`}
        aria-orientation="horizontal"
        onKeyDown={key}
        onScroll={(event) => setScroll(event.currentTarget.scrollLeft)}
        onPointerLeave={() => point(null)}
      >
        <div className={classes.inner} style={{ width: (n + 1) * pitch }}>
          {shown.map(({ bar, i }) => (
            <Bar
              key={bar.measurement.address}
              bar={bar}
              index={i}
              pitch={pitch}
              height={barHeight(bar.estimate.value, scale)}
              current={bar.text === current}
              stop={i === stop}
              label={label}
              onPoint={point}
              onVisit={visit}
              onFocus={setActive}
            />
          ))}
          <RunningBar left={n * pitch} pitch={pitch} scale={scale} />
        </div>
      </div>
      {tip && pointed !== null && (
        <BarTip bar={tip} label={label} left={pointed * pitch - scroll + pitch / 2} width={width} />
      )}
    </div>
  );
}

interface BarProps {
  readonly bar: JournalBar;
  readonly index: number;
  readonly pitch: number;
  readonly height: number;
  readonly current: boolean;
  /** In the tab order. */
  readonly stop: boolean;
  readonly label: string;
  readonly onPoint: (i: number | null) => void;
  readonly onVisit: (i: number) => void;
  readonly onFocus: (i: number) => void;
}

const Bar = memo(
  function Bar({ bar, index, pitch, height, current, stop, label, onPoint, onVisit, onFocus }: BarProps) {
    const { measurement } = bar;
    return (
      <button
        type="button"
        className={classes.bar}
        data-bar={index}
        data-kind={measurement.key.subject.kind}
        data-origin={measurement.origin}
        data-partial={measurement.done < measurement.total || undefined}
        aria-current={current || undefined}
        aria-label={barWords(bar, label)}
        tabIndex={stop ? 0 : -1}
        style={{ left: index * pitch, width: pitch }}
        onPointerEnter={() => onPoint(index)}
        onFocus={(event) => {
          onFocus(index);
          if (event.currentTarget.matches(":focus-visible")) onPoint(index);
        }}
        onBlur={() => onPoint(null)}
        onClick={() => onVisit(index)}
      >
        <span className={classes.fill} style={{ height: `${height * 100}%` }} />
      </button>
    );
  },
  // The callbacks read what is current when they are called by index; a new pair of them alone changes no bar.
  (a, b) =>
    a.bar === b.bar &&
    a.index === b.index &&
    a.pitch === b.pitch &&
    a.height === b.height &&
    a.current === b.current &&
    a.stop === b.stop &&
    a.label === b.label,
);

/** The measurement in progress, growing and shrinking as its score settles. */
function RunningBar(props: {
  readonly left: number;
  readonly pitch: number;
  readonly scale: JournalScale | null;
}) {
  const running = useWorkbench((s) => s.running);
  const target = useView((s) => s.target);
  const measured = useMeasured(running?.subject ?? null);
  if (!running) return null;
  const value = measured?.table[target]?.value ?? Number.NaN;
  const height = barHeight(value, props.scale);
  return (
    <div className={classes.running} style={{ left: props.left, width: props.pitch }} aria-hidden>
      <span className={classes.fill} data-live style={{ height: `${height * 100}%` }} />
    </div>
  );
}
