import { Button } from "@mantine/core";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { useMergeOut } from "../../state/merge-out";
import {
  deleteStored,
  freeStorage,
  type StoredModel,
  storedFiles,
  storedModels,
} from "../../state/merged-storage";
import { bytes } from "../../ui/amounts";
import { downloadBlob } from "../../ui/download";
import classes from "./MergedModel.module.css";

/** Merged models in the browser's own storage: each file can be downloaded, and all of them deleted. */
export function StoredModels() {
  const phase = useMergeOut((s) => s.out.phase);
  const [models, setModels] = useState<readonly StoredModel[]>([]);
  const [free, setFree] = useState<number | null>(null);
  const look = useCallback(async () => {
    setModels(await storedModels());
    setFree(await freeStorage());
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is stored changes when writing begins or ends
  useEffect(() => void look(), [look, phase]);
  return (
    <div className={classes.stored}>
      <p className={classes.about}>
        {free === null
          ? "The browser does not say how much it may store."
          : `The browser lets this site store ${bytes(free)} more; it is freed when a model is deleted here.`}
      </p>
      {models.map((model) => (
        <Stored key={model.name} model={model} onDeleted={() => void look()} />
      ))}
    </div>
  );
}

function Stored(props: { readonly model: StoredModel; readonly onDeleted: () => void }) {
  const { model, onDeleted } = props;
  const [files, setFiles] = useState<readonly File[]>([]);
  const [kept, setKept] = useState(false);
  useEffect(() => void storedFiles(model.name).then(setFiles), [model.name]);
  const remove = async () => {
    if (await deleteStored(model.name)) onDeleted();
    else setKept(true);
  };
  return (
    <section className={classes.model} aria-label={`Stored model ${model.name}`}>
      <div className={classes.modelHead}>
        <strong>{model.name}</strong>
        <span>{bytes(model.bytes)} in the browser’s storage</span>
        <Button
          fw={500}
          size="compact-xs"
          variant="default"
          leftSection={<IconTrash size={13} aria-hidden="true" />}
          onClick={() => void remove()}
        >
          Delete
        </Button>
      </div>
      <ul>
        {files.map((file) => (
          <li key={file.name}>
            <button type="button" onClick={() => downloadBlob(file.name, file)}>
              <IconDownload size={13} aria-hidden="true" /> {file.name}
            </button>{" "}
            {bytes(file.size)}
          </li>
        ))}
      </ul>
      {kept && (
        <p className={classes.problem} role="alert">
          The browser did not delete it: a download may still run. Try again when it has ended.
        </p>
      )}
    </section>
  );
}
