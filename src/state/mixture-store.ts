import { create } from "zustand";
import { type Mixture, toMixture, uniform, withShare } from "../core/mixture/mixture";

const HISTORY = 200;

interface MixtureState {
  /** The mixture everything on the page talks about. */
  readonly alpha: Mixture;
  readonly locked: readonly boolean[];
  readonly past: readonly Mixture[];
  readonly future: readonly Mixture[];
  /** The mixture before the gesture in progress; null between gestures. A drag is one step of undo. */
  readonly gesture: Mixture | null;
  /** True from the first move of a gesture to its release. */
  begin(): void;
  end(): void;
  /** Starts over with k components, uniform, without history. */
  reset(k: number, alpha?: Mixture): void;
  setAlpha(weights: readonly number[]): void;
  setShare(i: number, share: number): void;
  toggleLock(i: number): void;
  undo(): void;
  redo(): void;
}

const same = (a: Mixture, b: Mixture) => a.length === b.length && a.every((x, i) => x === b[i]);

export const useMixture = create<MixtureState>((set, get) => {
  const change = (alpha: Mixture) => {
    const state = get();
    if (same(alpha, state.alpha)) return;
    if (state.gesture) set({ alpha });
    else set({ alpha, past: [...state.past, state.alpha].slice(-HISTORY), future: [] });
  };
  return {
    alpha: [],
    locked: [],
    past: [],
    future: [],
    gesture: null,
    begin: () => {
      if (!get().gesture) set({ gesture: get().alpha });
    },
    end: () => {
      const { gesture, alpha, past } = get();
      if (!gesture) return;
      if (same(gesture, alpha)) set({ gesture: null });
      else set({ gesture: null, past: [...past, gesture].slice(-HISTORY), future: [] });
    },
    reset: (k, alpha = uniform(k)) =>
      set({ alpha, locked: alpha.map(() => false), past: [], future: [], gesture: null }),
    setAlpha: (weights) => change(toMixture(weights)),
    setShare: (i, share) => change(withShare(get().alpha, i, share, get().locked)),
    toggleLock: (i) => set({ locked: get().locked.map((l, j) => (j === i ? !l : l)) }),
    undo: () => {
      const { past, alpha, future } = get();
      const previous = past.at(-1);
      if (previous)
        set({ alpha: previous, past: past.slice(0, -1), future: [alpha, ...future], gesture: null });
    },
    redo: () => {
      const { past, alpha, future } = get();
      const [next, ...rest] = future;
      if (next) set({ alpha: next, past: [...past, alpha], future: rest, gesture: null });
    },
  };
});
