import { useMantineColorScheme } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useController } from "../state/controller-context";
import { closeDialogs, useDialogs } from "../state/dialogs";
import { ModalDialog } from "../ui/ModalDialog";
import classes from "./CommandSearch.module.css";
import { type Command, commandsNow, matching } from "./commands";

export function CommandSearch() {
  const open = useDialogs((s) => s.open === "commands");
  return open ? <Commands /> : null;
}

/** A field and the list of what it finds; arrows choose, Enter runs. */
function Commands() {
  const controller = useController();
  const { setColorScheme } = useMantineColorScheme();
  const [all] = useState(() => commandsNow(controller, setColorScheme));
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = matching(all, query);
  const chosen = Math.min(at, found.length - 1);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    closeDialogs();
    command.run();
  };
  const key = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setAt((chosen + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <ModalDialog label="Search commands" onClose={closeDialogs}>
      <input
        className={classes.field}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={found[chosen] ? `command-${chosen}` : undefined}
        aria-label="Search commands"
        placeholder="Go to a page, choose a mixture, measure …"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onKeyDown={key}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
      />
      <div ref={list} id="commands" role="listbox" aria-label="Commands" className={classes.list}>
        {found.map((command, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
          <div
            key={command.id}
            id={`command-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            className={classes.option}
            onPointerMove={() => setAt(i)}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            <span className={classes.group}>{command.group}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={classes.none}>No command has these words.</p>}
    </ModalDialog>
  );
}
