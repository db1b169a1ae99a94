import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import classes from "./Tour.module.css";
import { TourStatus } from "./TourStatus";
import { TOUR_STEPS, type TourStep } from "./tour-steps";
import { endTour, goToStep, useTour } from "./tour-store";
import { nextStep } from "./use-tour-progress";

const ACTS = [
  ["dragged", "moved a mixture"],
  ["measured", "measured it"],
  ["searched", "ran a search"],
] as const;

/** Text and buttons of a step. The focus comes here only when the tour starts, and stays if it is here. */
export function TourCard(props: { readonly step: number; readonly current: TourStep }) {
  const { step, current } = props;
  const done = useTour((s) => s.done);
  const title = useId();
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (step === 0) card.current?.focus({ preventScroll: true });
  }, [step]);
  const key = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    endTour();
  };
  const acted = current.until !== undefined && done[current.until];
  const last = step === TOUR_STEPS.length - 1;
  const waits = current.until !== undefined && !acted;
  return (
    <section
      ref={card}
      className={classes.card}
      role="dialog"
      aria-modal={false}
      aria-labelledby={title}
      tabIndex={-1}
      data-testid="tour"
      data-step={current.id}
      onKeyDown={key}
    >
      <div className={classes.count}>
        Step {step + 1} of {TOUR_STEPS.length}
      </div>
      <h2 id={title}>{current.title}</h2>
      <p>{current.text}</p>
      {current.todo && (
        <p className={classes.todo} data-done={acted || undefined}>
          {acted ? "✓" : "→"} {current.todo}
        </p>
      )}
      {current.id === "measure" && !acted && <TourStatus what="measure" />}
      {current.id === "search" && !acted && <TourStatus what="search" />}
      {last && (
        <ul className={classes.acts}>
          {ACTS.map(([act, words]) => (
            <li key={act} data-done={done[act] || undefined}>
              {done[act] ? "✓" : "○"} {words}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.buttons}>
        {!last && (
          <button type="button" className={classes.quiet} onClick={endTour}>
            Skip the tour
          </button>
        )}
        {step > 0 && (
          <button type="button" className={classes.plain} onClick={() => goToStep(step - 1)}>
            Back
          </button>
        )}
        <button
          type="button"
          className={waits ? classes.plain : classes.primary}
          onClick={() => nextStep(step)}
        >
          {last ? "Done" : step === 0 ? "Start" : waits ? "Later" : "Next"}
        </button>
      </div>
    </section>
  );
}
