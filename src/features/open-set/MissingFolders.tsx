import { Button } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useController } from "../../state/controller-context";
import { directoryPicker } from "../../state/folder-access";
import { folderOfFiles, pickFolder } from "../../state/local-folders";
import { useOpening } from "../../state/opening-store";
import { type Remembered, rememberedFolder } from "../../state/remembered-folders";
import type { MissingMember, SetFile } from "../../state/set-file";
import classes from "./OpenSet.module.css";

/** A set file names folders on a disk: they are found, allowed or chosen, and then the set opens. */
export function MissingFolders({ file }: { readonly file: SetFile }) {
  const { finder } = useController();
  const folder = useRef<HTMLInputElement>(null);
  const [asked, setAsked] = useState<string | undefined>(undefined);
  const remembered = useRemembered(file.missing);

  const choose = async (member?: string) => {
    setAsked(member);
    if (!directoryPicker()) {
      folder.current?.click();
      return;
    }
    const picked = await pickFolder();
    if (!picked.ok) useOpening.setState({ problem: picked.problem });
    else if (picked.value) await finder.takeMember(picked.value, member);
  };
  const allow = async ({ folder: name }: MissingMember) => {
    const known = remembered.get(name);
    if (known?.state !== "ask") return;
    const allowed = await known.allow();
    if (allowed.ok) await finder.takeMember(allowed.value);
    else useOpening.setState({ problem: allowed.problem });
  };
  const found = Object.keys(file.folders).length;
  return (
    <section className={classes.panel} aria-labelledby="missing">
      <div className={classes.composeHead}>
        <h3 id="missing">{file.spec.name}: where are its folders?</h3>
        <button
          type="button"
          className={classes.link}
          onClick={() => useOpening.setState({ file: null, problem: null })}
        >
          Open something else
        </button>
      </div>
      <p className={classes.quiet}>
        {file.file} names folders on a disk, and holds no weights. {found > 0 && `${found} are found. `}
        Choose or drop them, or one folder that holds them all.
      </p>
      <div className={classes.buttons}>
        <Button
          fw={500}
          size="compact-sm"
          leftSection={<IconFolderOpen size={15} aria-hidden="true" />}
          onClick={() => void choose()}
        >
          Choose the folder that holds them
        </Button>
        <input
          ref={folder}
          type="file"
          hidden
          aria-label="Folder of the set's checkpoints"
          {...{ webkitdirectory: "" }}
          onChange={(event) => {
            const chosen = folderOfFiles([...(event.target.files ?? [])]);
            if (chosen) void finder.takeMember(chosen, asked);
            event.target.value = "";
          }}
        />
      </div>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">member</th>
            <th scope="col">folder</th>
            <th scope="col">
              <span className={classes.hidden}>find it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {file.missing.map((member) => (
            <tr key={member.id}>
              <th scope="row">{member.label}</th>
              <td>{member.folder}</td>
              <td>
                {remembered.get(member.folder)?.state === "ask" && (
                  <Button
                    fw={500}
                    size="compact-xs"
                    aria-label={`Allow ${member.folder}`}
                    onClick={() => void allow(member)}
                  >
                    Allow
                  </Button>
                )}{" "}
                <Button
                  fw={500}
                  size="compact-xs"
                  variant="default"
                  aria-label={`Choose ${member.folder}`}
                  onClick={() => void choose(member.id)}
                >
                  Choose
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What this browser remembers of the folders; those that it may still read are taken at once. */
function useRemembered(missing: readonly MissingMember[]): ReadonlyMap<string, Remembered> {
  const { finder } = useController();
  const [known, setKnown] = useState<ReadonlyMap<string, Remembered>>(new Map());
  const names = missing.map((m) => m.folder).join("\n");
  useEffect(() => {
    let current = true;
    void Promise.all(
      names.split("\n").map(async (name) => [name, await rememberedFolder(name)] as const),
    ).then(async (all) => {
      if (!current) return;
      setKnown(new Map(all));
      const ready = all.flatMap(([, r]) => (r.state === "ready" ? [r.folder] : []));
      if (ready.length > 0) await finder.takeMembers(ready);
    });
    return () => {
      current = false;
    };
  }, [names, finder]);
  return known;
}
