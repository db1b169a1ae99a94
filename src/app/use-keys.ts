import { useEffect } from "react";
import { openDialog, useDialogs } from "../state/dialogs";
import { useMixture } from "../state/mixture-store";
import { PAGES, useView } from "../state/view-store";

/** True where keys belong to what is typed. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest("input, textarea, select, [role='textbox'], [role='combobox'], [role='menu']") !== null
  );
}

function act(event: KeyboardEvent): boolean {
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (control && !event.altKey && key === "z") {
    if (event.shiftKey) useMixture.getState().redo();
    else useMixture.getState().undo();
    return true;
  }
  if (control || event.altKey) return false;
  if (key === "/") openDialog("commands");
  else if (key === "?") openDialog("keys");
  else if (key === "o") openDialog("open-set");
  else {
    const page = /^[1-9]$/.test(key) ? PAGES[Number(key) - 1] : undefined;
    if (!page) return false;
    useView.getState().go(page);
  }
  return true;
}

/** The workbench's keys; none fires while somebody types or a dialog is open. */
export function useKeys(): void {
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || useDialogs.getState().open) return;
      if (isTyping(event.target)) return;
      if (act(event)) event.preventDefault();
    };
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}
