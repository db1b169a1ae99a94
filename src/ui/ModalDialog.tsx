import { type ReactNode, useEffect, useRef } from "react";
import classes from "./ModalDialog.module.css";

/** The browser's own modal dialog: traps the focus, closes with Esc, gives the focus back. */
export function ModalDialog(props: {
  readonly label: string;
  readonly onClose: () => void;
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a dialog; the click is only on its backdrop
    <dialog
      ref={dialog}
      className={classes.dialog}
      data-wide={props.wide || undefined}
      aria-label={props.label}
      onClose={props.onClose}
      onClick={(event) => event.target === event.currentTarget && !props.wide && props.onClose()}
    >
      <div className={classes.body}>{props.children}</div>
    </dialog>
  );
}
