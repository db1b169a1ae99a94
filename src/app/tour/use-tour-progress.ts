import { useEffect } from "react";
import { useMixture } from "../../state/mixture-store";
import { isComplete } from "../../state/records";
import { useSearch } from "../../state/search-store";
import { useView } from "../../state/view-store";
import { useWorkbench } from "../../state/workbench-store";
import { announce } from "../announcer";
import { TOUR_STEPS } from "./tour-steps";
import { type Done, endTour, goToStep, useTour } from "./tour-store";

/** Time to see what an act did before the card moves on, in milliseconds. */
const PAUSE_MS = 900;

function mark(act: keyof Done): void {
  const { step, done } = useTour.getState();
  if (step !== null && !done[act]) useTour.setState({ done: { ...done, [act]: true } });
}

/** Watches the stores for the three acts: a drag, a complete measurement made here, a search that ran to its end. */
function watch(): () => void {
  const offMixture = useMixture.subscribe((now, before) => {
    const moved = now.alpha !== before.alpha && now.alpha.length === before.alpha.length;
    if (moved && (now.gesture || before.gesture)) mark("dragged");
  });
  const offWorkbench = useWorkbench.subscribe((now, before) => {
    if (now.measurements === before.measurements) return;
    const last = now.measurements.at(-1);
    if (last && last.origin === "measured" && isComplete(last)) mark("measured");
  });
  const offSearch = useSearch.subscribe((now, before) => {
    if (before.phase === "running" && now.phase === "finished") mark("searched");
  });
  return () => {
    offMixture();
    offWorkbench();
    offSearch();
  };
}

/** Whoever comes by a shared link wants to see what it shows. Read before the address is changed to the page's. */
const OPENED_BY_LINK = location.hash.startsWith("#s=");

/** Starts the tour on a first visit, notices the visitor's acts and goes on after them. */
export function useTourProgress(): void {
  const step = useTour((s) => s.step);
  const done = useTour((s) => s.done);
  const current = step === null ? undefined : TOUR_STEPS[step];

  useEffect(() => {
    const { tourDone } = useView.getState();
    if (!tourDone && useTour.getState().step === null && !OPENED_BY_LINK) goToStep(0);
    return watch();
  }, []);

  useEffect(() => {
    if (!current) return;
    useView.getState().go(current.page);
    announce(`Tour: ${current.title}. ${current.text} ${current.todo ?? ""}`);
  }, [current]);

  const acted = current?.until !== undefined && done[current.until];
  useEffect(() => {
    if (!acted || step === null) return;
    const timer = setTimeout(() => nextStep(step), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [acted, step]);
}

export function nextStep(step: number): void {
  if (step + 1 < TOUR_STEPS.length) goToStep(step + 1);
  else endTour();
}
