import { Button } from "@mantine/core";
import { IconFiles, IconFolderOpen, IconPlus } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useController } from "../../state/controller-context";
import { directoryPicker } from "../../state/folder-access";
import { folderOfFiles, pickFolder } from "../../state/local-folders";
import { type StoredModel, storedModels } from "../../state/merged-storage";
import { useOpening } from "../../state/opening-store";
import { bytes } from "../../ui/amounts";
import classes from "./OpenSet.module.css";

/** Folders and files from disk, addresses and repositories, and merged models that were written here. */
export function AddCheckpoints() {
  const { finder } = useController();
  const token = useOpening((s) => s.token);
  const busy = useOpening((s) => s.opening !== null || s.looking !== null);
  const [addresses, setAddresses] = useState("");
  const [stored, setStored] = useState<readonly StoredModel[]>([]);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  useEffect(() => void storedModels().then(setStored), []);

  const choose = async () => {
    if (!directoryPicker()) {
      folder.current?.click();
      return;
    }
    const picked = await pickFolder();
    if (!picked.ok) useOpening.setState({ problem: picked.problem });
    else if (picked.value) await finder.takeFolders([picked.value]);
  };
  const take = (list: FileList | null) => {
    const chosen = folderOfFiles([...(list ?? [])]);
    if (chosen) void finder.takeFolders([chosen]);
  };
  const add = () => {
    setAddresses("");
    void finder.takeAddresses(addresses).then((refused) => {
      if (refused.length > 0) setAddresses(refused.join("\n"));
    });
  };
  return (
    <section className={classes.panel} aria-labelledby="own-checkpoints">
      <h3 id="own-checkpoints">Your own checkpoints</h3>
      <p className={classes.quiet}>
        Hugging Face folders (config.json and .safetensors), LoRA adapters, or a demix-set.json. Nothing is
        uploaded. Drop them anywhere on this window, or:
      </p>
      <div className={classes.buttons}>
        <Button
          fw={500}
          size="compact-sm"
          disabled={busy}
          leftSection={<IconFolderOpen size={15} aria-hidden="true" />}
          onClick={() => void choose()}
        >
          Choose a folder
        </Button>
        <Button
          fw={500}
          size="compact-sm"
          variant="default"
          disabled={busy}
          leftSection={<IconFiles size={15} aria-hidden="true" />}
          onClick={() => files.current?.click()}
        >
          Choose files
        </Button>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          aria-label="Files of a checkpoint, or a set file"
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
        />
        <input
          ref={folder}
          type="file"
          hidden
          aria-label="Folder of checkpoints"
          // React knows no such attribute.
          {...{ webkitdirectory: "" }}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      <label className={classes.field}>
        <span>Addresses and Hugging Face repositories, one a line</span>
        <textarea
          rows={2}
          spellCheck={false}
          value={addresses}
          placeholder={"https://files.example.org/runs/code/\nowner/name@revision"}
          onChange={(event) => setAddresses(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) add();
          }}
        />
      </label>
      <div className={classes.buttons}>
        <Button
          fw={500}
          size="compact-sm"
          variant="default"
          disabled={busy || addresses.trim() === ""}
          leftSection={<IconPlus size={15} aria-hidden="true" />}
          onClick={add}
        >
          Add
        </Button>
        <label className={classes.token}>
          <span>Hub token, if private</span>
          <input
            type="password"
            autoComplete="off"
            value={token}
            aria-describedby="token-note"
            onChange={(event) => useOpening.setState({ token: event.target.value.trim() })}
          />
        </label>
      </div>
      <p id="token-note" className={classes.quiet}>
        The token goes to huggingface.co alone, stays in memory until this tab closes, and is never saved.
      </p>
      {stored.length > 0 && (
        <div className={classes.buttons}>
          <span className={classes.quiet}>Written here:</span>
          {stored.map((model) => (
            <Button
              key={model.name}
              fw={500}
              size="compact-xs"
              variant="default"
              disabled={busy}
              onClick={() => finder.takeStored([model])}
            >
              {model.name} · {bytes(model.bytes)}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}
