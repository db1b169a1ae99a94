import { create } from "zustand";
import { LINEAR, type MergeChoice } from "../core/merge/merge-choice";
import { type Mixture, toMixture, uniform, withShare } from "../core/mixture/mixture";
import { choiceText } from "../core/scoring/address";

const HISTORY = 200;

/** What undo returns to: a mixture and how it is merged. */
export interface Cursor {
  readonly alpha: Mixture;
  readonly method: MergeChoice;
}

interface MixtureState extends Cursor {
  /** `alpha` is the mixture everything on the page talks about, `method` how it is merged. */
  readonly locked: readonly boolean[];
  readonly past: readonly Cursor[];
  readonly future: readonly Cursor[];
  /** The cursor before the gesture in progress; null between gestures. A drag is one step of undo. */
  readonly gesture: Cursor | null;
  /** True from the first move of a gesture to its release. */
  begin(): void;
  end(): void;
  /** Starts over with k components, uniform and linear, without history. */
  reset(k: number, alpha?: Mixture, method?: MergeChoice): void;
  setAlpha(weights: readonly number[]): void;
  setMethod(method: MergeChoice): void;
  /** Both at once, as one step of undo. */
  setCursor(weights: readonly number[], method: MergeChoice): void;
  setShare(i: number, share: number): void;
  toggleLock(i: number): void;
  undo(): void;
  redo(): void;
}

const sameMixture = (a: Mixture, b: Mixture) => a.length === b.length && a.every((x, i) => x === b[i]);
export const sameMethod = (a: MergeChoice, b: MergeChoice): boolean =>
  a === b || choiceText(a) === choiceText(b);
const same = (a: Cursor, b: Cursor) => sameMixture(a.alpha, b.alpha) && sameMethod(a.method, b.method);
const cursorOf = ({ alpha, method }: Cursor): Cursor => ({ alpha, method });

export const useMixture = create<MixtureState>((set, get) => {
  const change = (next: Cursor) => {
    const state = get();
    if (same(next, state)) return;
    // What did not change keeps its identity.
    const cursor = {
      alpha: sameMixture(next.alpha, state.alpha) ? state.alpha : next.alpha,
      method: sameMethod(next.method, state.method) ? state.method : next.method,
    };
    if (state.gesture) set(cursor);
    else set({ ...cursor, past: [...state.past, cursorOf(state)].slice(-HISTORY), future: [] });
  };
  return {
    alpha: [],
    method: LINEAR,
    locked: [],
    past: [],
    future: [],
    gesture: null,
    begin: () => {
      if (!get().gesture) set({ gesture: cursorOf(get()) });
    },
    end: () => {
      const { gesture, past } = get();
      if (!gesture) return;
      if (same(gesture, get())) set({ gesture: null });
      else set({ gesture: null, past: [...past, gesture].slice(-HISTORY), future: [] });
    },
    reset: (k, alpha = uniform(k), method = LINEAR) =>
      set({ alpha, method, locked: alpha.map(() => false), past: [], future: [], gesture: null }),
    setAlpha: (weights) => change({ ...cursorOf(get()), alpha: toMixture(weights) }),
    setMethod: (method) => change({ ...cursorOf(get()), method }),
    setCursor: (weights, method) => change({ alpha: toMixture(weights), method }),
    setShare: (i, share) =>
      change({ ...cursorOf(get()), alpha: withShare(get().alpha, i, share, get().locked) }),
    toggleLock: (i) => set({ locked: get().locked.map((l, j) => (j === i ? !l : l)) }),
    undo: () => {
      const { past, future } = get();
      const previous = past.at(-1);
      if (previous)
        set({ ...previous, past: past.slice(0, -1), future: [cursorOf(get()), ...future], gesture: null });
    },
    redo: () => {
      const { past, future } = get();
      const [next, ...rest] = future;
      if (next) set({ ...next, past: [...past, cursorOf(get())], future: rest, gesture: null });
    },
  };
});
