import { create } from "zustand";
import type { Subject } from "../core/scoring/measurement";

/** What the pointer or the keyboard points at in a list of measurements; plots may mark it. */
export const useHover = create<{ readonly subject: Subject | null }>(() => ({ subject: null }));

export const hover = (subject: Subject | null): void => useHover.setState({ subject });
