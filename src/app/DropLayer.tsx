import { useEffect, useState } from "react";
import { useController } from "../state/controller-context";
import { openDialog } from "../state/dialogs";
import { droppedFolders } from "../state/dropped-folders";
import classes from "./App.module.css";

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;

/** Folders and files may be dropped anywhere; a page that takes them itself calls preventDefault. */
export function DropLayer() {
  const { finder } = useController();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const drag = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      // A page has taken it, and shows so.
      setOver(!event.defaultPrevented);
      event.preventDefault();
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (event.defaultPrevented || !event.dataTransfer || !holdsFiles(event)) return;
      event.preventDefault();
      const folders = droppedFolders(event.dataTransfer.items);
      openDialog("open-set");
      void folders.then(finder.takeFolders);
    };
    addEventListener("dragenter", drag);
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragenter", drag);
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [finder]);
  if (!over) return null;
  return (
    <div className={classes.drop} aria-hidden>
      <p>Drop checkpoint folders, adapters or a demix-set.json to open them</p>
    </div>
  );
}
