import { Button } from "@mantine/core";
import { IconFiles, IconX } from "@tabler/icons-react";
import { type DragEvent, useRef, useState } from "react";
import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import type { FoundFile } from "../../state/found-files";
import { useTasks } from "../../state/tasks-store";
import { bytes } from "../../ui/amounts";
import { Section } from "../../ui/Section";
import classes from "./TasksPage.module.css";

const holdsFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");

/** Takes benchmark and task files, and says of each what it is. */
export function DropFiles() {
  const { tasks } = useController();
  const found = useTasks((s) => s.found);
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const reading = found.some((f) => f.state === "reading");
  const take = (list: FileList | null) => {
    if (list && list.length > 0) void tasks.takeFiles([...list]);
  };
  return (
    <Section title="Add tasks">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first */}
      <div
        className={classes.dropZone}
        data-over={over || undefined}
        data-testid="drop-tasks"
        onDragEnter={(event) => {
          if (holdsFiles(event)) event.preventDefault();
        }}
        onDragOver={(event) => {
          if (!holdsFiles(event)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files);
        }}
      >
        <p>
          Drop files here: ARC, HellaSwag, WinoGrande, PIQA, SIQA, HumanEval, MBPP, GSM8K or MATH as JSONL,
          JSON or Parquet; lm-eval task files (YAML) with their data; plain texts; task sets saved here. Files
          that belong together are chosen together.
        </p>
        <Button
          fw={500}
          size="compact-sm"
          leftSection={<IconFiles size={15} aria-hidden="true" />}
          onClick={() => input.current?.click()}
        >
          Choose files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Benchmark and task files"
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      {reading && (
        <p className={classes.useRow} role="status">
          Reading …
          <button type="button" className={classes.button} onClick={tasks.cancelReading}>
            Cancel
          </button>
        </p>
      )}
      {found.length > 0 && (
        <ul className={classes.found} aria-label="Files">
          {found.map((file) => (
            <Found key={file.key} file={file} />
          ))}
        </ul>
      )}
      <p className={classes.quiet}>
        Nothing is uploaded. Python that a model writes (HumanEval, MBPP) runs in a sandbox without network,
        storage or this page, with a time and a memory limit an item.
      </p>
    </Section>
  );
}

function Found({ file }: { readonly file: FoundFile }) {
  const { tasks } = useController();
  return (
    <li data-state={file.state}>
      <div className={classes.foundHead}>
        <strong>{file.name}</strong>
        <span className={classes.quiet}>{bytes(file.bytes)}</span>
        {file.state !== "reading" && (
          <button
            type="button"
            className={classes.icon}
            aria-label={`Take ${file.name} off the list`}
            title="Takes it off this list; its tasks stay on the table"
            onClick={() => tasks.forgetFile(file.key)}
          >
            <IconX size={14} aria-hidden="true" />
          </button>
        )}
      </div>
      {file.recognised && <p>{file.recognised}</p>}
      {file.problem && (
        <p className={classes.problem} role="alert">
          {sentence(file.problem)}
        </p>
      )}
      {file.warnings.length > 0 && (
        <details>
          <summary>
            {file.warnings.length} {file.warnings.length === 1 ? "note" : "notes"}
          </summary>
          <ul className={classes.notes}>
            {file.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
