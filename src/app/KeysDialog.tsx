import { closeDialogs, useDialogs } from "../state/dialogs";
import { ModalDialog } from "../ui/ModalDialog";
import classes from "./KeysDialog.module.css";
import { PAGE_LIST } from "./pages";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  ...PAGE_LIST.map(({ label, question }, i) => [[String(i + 1)], `${label}: ${question}`] as const),
  [["/"], "Search commands"],
  [["o"], "Open a set: the demo set, a set file, or checkpoints of your own"],
  [["?"], "This list"],
  [["Ctrl or ⌘", "Z"], "Undo a change of the mixture or the merge method"],
  [["Shift", "Ctrl or ⌘", "Z"], "Redo"],
  [["←", "→"], "On a slider or a bar: 1 %; with Shift 5 %. In the journal: the measurement before and after"],
  [["Enter"], "In the journal: return to that mixture"],
  [["Esc"], "Close what is open"],
];

export function KeysDialog() {
  const open = useDialogs((s) => s.open === "keys");
  if (!open) return null;
  return (
    <ModalDialog label="Keys" onClose={closeDialogs}>
      <div className={classes.head}>
        <h2>Keys</h2>
        <button type="button" className={classes.close} onClick={closeDialogs}>
          Close
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled list must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label="All keys">
        <dl className={classes.list}>
          {KEYS.map(([keys, what]) => (
            <div key={what} className={classes.row}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </section>
      <p className={classes.note}>Letters, digits and signs do nothing here while you type in a field.</p>
    </ModalDialog>
  );
}
