import { create } from "zustand";

export type DialogName = "commands" | "keys";

/** The shell's own dialogs; one at a time. */
export const useDialogs = create<{ readonly open: DialogName | null }>(() => ({ open: null }));

export const openDialog = (open: DialogName): void => useDialogs.setState({ open });
export const closeDialogs = (): void => useDialogs.setState({ open: null });
