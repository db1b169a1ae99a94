import { create } from "zustand";
import { useView } from "../../state/view-store";

/** What the visitor has really done since the tour began. */
export interface Done {
  readonly dragged: boolean;
  readonly measured: boolean;
  readonly searched: boolean;
}

interface TourState {
  /** Step on show, or null: no tour. */
  readonly step: number | null;
  readonly done: Done;
}

const NOTHING: Done = { dragged: false, measured: false, searched: false };

export const useTour = create<TourState>(() => ({ step: null, done: NOTHING }));

export function startTour(): void {
  useView.getState().finishTour(false);
  useTour.setState({ step: 0, done: NOTHING });
}

export function endTour(): void {
  useView.getState().finishTour(true);
  useTour.setState({ step: null });
}

export const goToStep = (step: number): void => useTour.setState({ step });
