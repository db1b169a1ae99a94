import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { type Problem, sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { resultsFiles, type TakenResults, takeResults } from "../../state/results-exchange";
import { useTasks } from "../../state/tasks-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { download } from "../../ui/download";
import { count } from "../../ui/format";
import { Section } from "../../ui/Section";
import { RowSelect } from "./RowSelect";
import { useScoredRows } from "./scored-rows";
import classes from "./TasksPage.module.css";

/** Scores out as lm-eval writes them, and scores of lm-eval or OpenCompass in. */
export function ResultsExchange() {
  const set = useLoadedSet();
  const inUse = useTasks((s) => s.inUse);
  const bundle = inUse.state === "known" && inUse.hash === set.layout.hash ? inUse.bundle : null;
  const rows = useScoredRows().filter((r) => r.address !== null);
  const [key, setKey] = useState<string | null>(null);
  const [files, setFiles] = useState<readonly { readonly path: string; readonly text: string }[]>([]);
  const row = rows.find((r) => r.key === key) ?? rows[0] ?? null;
  const make = async () => {
    const record = useWorkbench.getState().measurements.find((m) => m.address === row?.address);
    if (record && bundle) setFiles(await resultsFiles(set, bundle, record));
  };
  return (
    <div className={classes.enough}>
      <Section title="Results as lm-eval's files">
        {row && bundle ? (
          <>
            <div className={classes.useRow}>
              <RowSelect
                label="of"
                rows={rows}
                value={row}
                onChange={(next) => {
                  setKey(next);
                  setFiles([]);
                }}
              />
              <Button fw={500} size="compact-sm" onClick={() => void make()}>
                Make the files
              </Button>
            </div>
            <ul className={classes.saved} aria-label="Results files">
              {files.map(({ path, text }) => {
                const name = path.slice(path.lastIndexOf("/") + 1);
                return (
                  <li key={path}>
                    <div>{name}</div>
                    <Button
                      fw={500}
                      size="compact-xs"
                      variant="default"
                      leftSection={<IconDownload size={14} aria-hidden="true" />}
                      onClick={() => download(name, [text], "application/json")}
                    >
                      Download<span className={classes.hidden}> {name}</span>
                    </Button>
                  </li>
                );
              })}
            </ul>
            <p className={classes.quiet}>
              results_*.json and one samples_*.jsonl a task, with the names and fields of lm-eval 0.4.13;
              "workbench" says what was merged.
            </p>
          </>
        ) : (
          <p className={classes.quiet}>Nothing is measured on these tasks yet.</p>
        )}
      </Section>
      {bundle && <TakeResults />}
    </div>
  );
}

function TakeResults() {
  const set = useLoadedSet();
  const { keepImported } = useController();
  const inUse = useTasks((s) => s.inUse);
  const input = useRef<HTMLInputElement>(null);
  const [taken, setTaken] = useState<TakenResults | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (list: FileList | null) => {
    if (!list || list.length === 0 || inUse.state !== "known") return;
    const files = await Promise.all(
      [...list].map(async (file) => ({ path: file.name, text: await file.text() })),
    );
    const read = await takeResults(set, inUse.bundle, files);
    setTaken(read.ok ? read.value : null);
    setProblem(read.ok ? null : read.problem);
    if (read.ok) await keepImported(read.value.record);
  };
  return (
    <Section title="Results of others">
      <p className={classes.quiet}>
        lm-eval's results_*.json with samples_*.jsonl, or OpenCompass's items, of the mixture that is on show
        above: its items count here where prompt and answers are the same.
      </p>
      <div className={classes.useRow}>
        <Button fw={500} size="compact-sm" onClick={() => input.current?.click()}>
          Choose results files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Results files of others"
          onChange={(event) => {
            void take(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      {problem && (
        <p className={classes.problem} role="alert">
          {sentence(problem)}
        </p>
      )}
      {taken && (
        <p role="status">
          {count(taken.record.done)} of {count(taken.record.total)} items are in the journal as imported:{" "}
          {taken.matched.map((m) => `${m.label} ${m.found} of ${m.items}`).join(", ")}. What is missing is
          measured here.
        </p>
      )}
    </Section>
  );
}
