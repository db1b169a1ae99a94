import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { useStorage } from "../../state/storage";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { bytes } from "../../ui/amounts";
import { Meter } from "./Meter";
import classes from "./SetPage.module.css";

const GB = 1e9;

/** Remote bytes kept in the browser: how much, for which checkpoint, and what is dropped. */
export function StorageSection() {
  const { storage } = useController();
  const { cache, problem, busy } = useStorage();
  const ready = useWorkbench((s) => s.engine.phase === "ready");
  const healthy = useWorkbench((s) => s.health.phase);
  const { reference } = useLoadedSet();
  // biome-ignore lint/correctness/useExhaustiveDependencies: opening sets and reading weights change what is kept
  useEffect(() => {
    if (ready) void storage.look();
  }, [ready, healthy, reference, storage]);
  if (!cache) return null;
  const { entries, usage } = cache;
  const evictable = entries.filter((e) => !e.pinned);
  return (
    <section className={`${classes.section} ${classes.wide}`} aria-labelledby="storage">
      <div className={classes.sectionHead}>
        <h2 id="storage">Downloaded weights kept in this browser</h2>
        <Button
          fw={500}
          size="compact-xs"
          variant="default"
          disabled={busy || evictable.length === 0}
          onClick={() => void storage.evict(null)}
        >
          Drop all that are not open
        </Button>
      </div>
      <div className={classes.storage}>
        <Meter
          label="Kept bytes of the budget"
          value={usage.used}
          max={Math.max(usage.budget, usage.used, 1)}
        />
        <span>
          <strong>{bytes(usage.used)}</strong> of {bytes(usage.budget)} allowed
          {usage.quota !== null && `; the browser gives this site ${bytes(usage.quota)} in all`}
        </span>
        <Budget bytes={usage.budget} onChange={(b) => void storage.setBudget(b)} />
      </div>
      {problem && (
        <p className={classes.warningText} role="alert">
          {sentence(problem)}
        </p>
      )}
      {entries.length === 0 ? (
        <p className={classes.quiet}>
          Nothing: weights from web servers and the hub are kept here as they are read, so that a second
          opening is quick and a download resumes. Folders on disk are read in place.
        </p>
      ) : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">checkpoint</th>
                <th scope="col">kept</th>
                <th scope="col">last used</th>
                <th scope="col">
                  <span className={classes.hidden}>drop</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={entry.key}>
                  <th scope="row" className={classes.source}>
                    {entry.name}
                  </th>
                  <td className={classes.nowrap}>
                    {bytes(entry.bytes)} of {bytes(entry.total)}
                  </td>
                  <td className={classes.quiet}>
                    {entry.pinned ? "open now" : new Date(entry.lastUsed).toLocaleString("en")}
                  </td>
                  <td>
                    <Button
                      fw={500}
                      size="compact-xs"
                      variant="default"
                      aria-label={`Drop ${entry.name}`}
                      disabled={busy || entry.pinned}
                      title={
                        entry.pinned ? "The open set needs it" : "It is downloaded again when it is opened"
                      }
                      onClick={() => void storage.evict(entry.key)}
                    >
                      Drop
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Budget(props: { readonly bytes: number; readonly onChange: (bytes: number) => void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = String(Number((props.bytes / GB).toPrecision(3)));
  const commit = () => {
    const value = Number((draft ?? "").replace(",", "."));
    if (draft !== null && draft.trim() !== "" && value >= 0 && Number.isFinite(value))
      props.onChange(value * GB);
    setDraft(null);
  };
  return (
    <label className={classes.budget}>
      budget{" "}
      <input
        inputMode="decimal"
        aria-label="Budget for kept weights, GB"
        value={draft ?? shown}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") setDraft(null);
        }}
      />{" "}
      GB
    </label>
  );
}
