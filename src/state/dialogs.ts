import { create } from "zustand";

export type DialogName = "commands" | "keys" | "open-set";

/** The dialogs over the page; one at a time. */
export const useDialogs = create<{ readonly open: DialogName | null }>(() => ({ open: null }));

export const openDialog = (open: DialogName): void => useDialogs.setState({ open });
export const closeDialogs = (): void => useDialogs.setState({ open: null });
