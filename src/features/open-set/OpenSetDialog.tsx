import { useEffect } from "react";
import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { closeDialogs } from "../../state/dialogs";
import { useOpening } from "../../state/opening-store";
import { ModalDialog } from "../../ui/ModalDialog";
import { ProgressLine } from "../../ui/ProgressLine";
import { AddCheckpoints } from "./AddCheckpoints";
import { ComposeSet } from "./ComposeSet";
import { MissingFolders } from "./MissingFolders";
import classes from "./OpenSet.module.css";
import { ReadyMadeSets } from "./ReadyMadeSets";

/** Where another set comes from: ready-made, a set file, or checkpoints that are put together here. */
export function OpenSetDialog() {
  const { sets } = useController();
  const { draft, file, problem, opening, looking } = useOpening();
  useEffect(() => void sets.loadRecents(), [sets]);
  const close = () => {
    sets.cancel();
    closeDialogs();
  };
  return (
    <ModalDialog label="Open a set" wide onClose={close}>
      <div className={classes.head}>
        <h2>Open a set</h2>
        <button type="button" className={classes.close} onClick={close}>
          Close
        </button>
      </div>
      <div className={classes.content}>
        {file ? (
          <MissingFolders file={file} />
        ) : (
          <div className={classes.sources}>
            <ReadyMadeSets />
            <AddCheckpoints />
          </div>
        )}
        {!file && draft.candidates.length > 0 && <ComposeSet />}
      </div>
      <div className={classes.foot} data-empty={!opening && !problem && !looking ? true : undefined}>
        {problem && (
          <p className={classes.problem} role="alert">
            {sentence(problem)}
          </p>
        )}
        {looking && !opening && (
          <p className={classes.looking} role="status">
            {looking}
          </p>
        )}
        {opening && (
          <ProgressLine
            label={`Opening ${opening.name}`}
            progress={opening.progress}
            onCancel={() => sets.cancel()}
          />
        )}
      </div>
    </ModalDialog>
  );
}

export default OpenSetDialog;
