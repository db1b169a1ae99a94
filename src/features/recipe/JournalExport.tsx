import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { tableOf } from "../../state/tables";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { download } from "../../ui/download";
import { count } from "../../ui/format";
import { Section } from "../../ui/Section";
import classes from "./Exports.module.css";
import { measurementLine } from "./measurement-lines";

/** Longest stretch on the page's thread, in milliseconds. */
const SLICE_MS = 12;

/** All measurements as JSON Lines, whatever happens to this browser's storage. */
export function JournalExport() {
  const { layout, hash } = useLoadedSet();
  const measurements = useWorkbench((s) => s.records);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const lines: string[] = [];
    let start = performance.now();
    for (const m of measurements) {
      lines.push(`${measurementLine(m, layout, (view) => tableOf(layout, m.scores, view))}\n`);
      if (performance.now() - start < SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      start = performance.now();
    }
    download(`measurements-${(hash ?? "").slice(0, 8)}.jsonl`, lines, "application/jsonl");
    setBusy(false);
  };
  return (
    <Section title="All measurements">
      <div className={classes.preview}>
        <p>
          {count(measurements.length)} measurements of this set, shipped and made here: one line each with the
          mixture, its provenance and every benchmark’s score and interval. A safety net beside the journal.
        </p>
        <div className={classes.buttons}>
          <Button
            fw={500}
            size="compact-sm"
            variant="default"
            loading={busy}
            disabled={measurements.length === 0}
            leftSection={<IconDownload size={14} aria-hidden="true" />}
            onClick={() => void save()}
          >
            Export all measurements
          </Button>
          <code>JSON Lines</code>
        </div>
      </div>
    </Section>
  );
}
