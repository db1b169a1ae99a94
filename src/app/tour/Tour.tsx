import { useRef } from "react";
import { useElementSize } from "../../ui/use-element-size";
import { placeCard } from "./place-card";
import classes from "./Tour.module.css";
import { TourCard } from "./TourCard";
import { TOUR_STEPS } from "./tour-steps";
import { useTour } from "./tour-store";
import { useAnchor } from "./use-anchor";
import { useTourProgress } from "./use-tour-progress";

/** A ring around what a step talks about and a card beside it; the page stays usable under both. */
export function Tour() {
  useTourProgress();
  const step = useTour((s) => s.step);
  return step === null ? null : <Step step={step} />;
}

function Step({ step }: { readonly step: number }) {
  const current = TOUR_STEPS[step];
  const card = useRef<HTMLDivElement>(null);
  const size = useElementSize(card);
  const box = useAnchor(current?.anchor ?? null);
  if (!current) return null;
  const place = placeCard(box ?? (current.anchor ? "foot" : null), size, {
    width: innerWidth,
    height: innerHeight,
  });
  return (
    <>
      {box && (
        <div
          className={classes.ring}
          aria-hidden
          style={{ left: box.left, top: box.top, width: box.width, height: box.height }}
        />
      )}
      <div ref={card} className={classes.place} style={{ ...place, opacity: size.height > 0 ? 1 : 0 }}>
        <TourCard step={step} current={current} />
      </div>
    </>
  );
}
