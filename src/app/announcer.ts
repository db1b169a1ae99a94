import { create } from "zustand";

/** What the polite live region says; the count makes an equal sentence be read again. */
export const useAnnouncer = create<{ readonly text: string; readonly count: number }>(() => ({
  text: "",
  count: 0,
}));

export const announce = (text: string): void => useAnnouncer.setState((s) => ({ text, count: s.count + 1 }));
