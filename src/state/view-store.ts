import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { TargetId } from "../core/scoring/measurement";
import type { ScoreView } from "../core/scoring/task";

export const PAGES = ["set", "tasks", "explore", "search", "ranks", "recipe", "learn"] as const;
export type PageId = (typeof PAGES)[number];

export type Overlay = "contours" | "uncertainty" | "measured" | "references";

interface ViewState {
  readonly page: PageId;
  /** Which of each benchmark's two scores counts. */
  readonly view: ScoreView;
  /** What the triangle and the sliders are coloured by. */
  readonly target: TargetId;
  /** Components at the triangle's corners: top, left, right. */
  readonly axes: readonly [number, number, number];
  readonly overlays: Readonly<Record<Overlay, boolean>>;
  readonly tourDone: boolean;
  go(page: PageId): void;
  setView(view: ScoreView): void;
  setTarget(target: TargetId): void;
  /** Puts component i at a corner; the component that was there takes i's corner if i had one. */
  setAxis(corner: 0 | 1 | 2, i: number): void;
  toggleOverlay(overlay: Overlay): void;
  finishTour(done: boolean): void;
}

export const useView = create<ViewState>()(
  persist(
    (set, get) => ({
      page: "explore",
      view: "continuous",
      target: "macro",
      axes: [1, 0, 3],
      overlays: { contours: true, uncertainty: true, measured: true, references: false },
      tourDone: false,
      go: (page) => set({ page }),
      setView: (view) => set({ view }),
      setTarget: (target) => set({ target }),
      setAxis: (corner, i) => {
        const axes: [number, number, number] = [...get().axes];
        const other = axes.indexOf(i);
        if (other >= 0) axes[other as 0 | 1 | 2] = axes[corner];
        axes[corner] = i;
        set({ axes });
      },
      toggleOverlay: (overlay) =>
        set({ overlays: { ...get().overlays, [overlay]: !get().overlays[overlay] } }),
      finishTour: (tourDone) => set({ tourDone }),
    }),
    {
      name: "demix-view",
      version: 1,
      partialize: ({ view, target, overlays, tourDone }) => ({ view, target, overlays, tourDone }),
    },
  ),
);
