import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { MODES } from "../../core/benchmarks/modes";
import { METRICS } from "../../core/scoring/metrics";
import type { Domain, MetricId, ScoringMode } from "../../core/scoring/task";
import { useController } from "../../state/controller-context";
import {
  chooseMetric,
  countItems,
  type DraftTask,
  limitTask,
  moveTask,
  removeTask,
  tickTask,
} from "../../state/task-draft";
import { count } from "../../ui/format";
import { accuracyChoices, continuousChoices } from "./metric-choices";
import classes from "./TasksPage.module.css";

const TYPES = {
  multiple_choice: "choices",
  loglikelihood: "continuation",
  loglikelihood_rolling: "whole text",
  generate_until: "generated",
} as const;
const NEW_DOMAIN = "\u0000new";

/** One task of the draft. */
export function DraftRow(props: {
  readonly task: DraftTask;
  readonly domains: readonly Domain[];
  readonly onNewDomain: (key: string) => void;
}) {
  const { task, domains, onNewDomain } = props;
  const { tasks } = useController();
  const { spec, key } = task;
  const mode = spec.mode ?? "lm-eval";
  const metric = (
    which: "accuracyMetric" | "continuousMetric",
    choices: readonly MetricId[],
    what: string,
  ) =>
    choices.length < 2 ? (
      <span title={METRICS[spec[which]].about}>{METRICS[spec[which]].label}</span>
    ) : (
      <select
        className={classes.select}
        aria-label={`${what} metric of ${spec.label}`}
        title={METRICS[spec[which]].about}
        value={spec[which]}
        onChange={(event) => tasks.change((d) => chooseMetric(d, key, which, event.target.value as MetricId))}
      >
        {choices.map((m) => (
          <option key={m} value={m}>
            {METRICS[m].label}
          </option>
        ))}
      </select>
    );
  return (
    <tr data-out={!task.used || undefined}>
      <th scope="row" title={spec.about}>
        <label className={classes.tick}>
          <input
            type="checkbox"
            checked={task.used}
            aria-label={`${spec.label}: counts`}
            onChange={(event) => tasks.change((d) => tickTask(d, key, event.target.checked))}
          />
          <span>
            {spec.label}
            <span className={classes.origin}>
              {TYPES[spec.outputType]}
              {task.licence && ` · ${task.licence}`}
            </span>
          </span>
        </label>
      </th>
      <td>
        <select
          className={classes.select}
          aria-label={`Domain of ${spec.label}`}
          value={spec.domain}
          onChange={(event) =>
            event.target.value === NEW_DOMAIN
              ? onNewDomain(key)
              : tasks.change((d) => moveTask(d, key, event.target.value))
          }
        >
          {domains.map((d) => (
            <option key={d.id} value={d.id}>
              {d.label}
            </option>
          ))}
          <option value={NEW_DOMAIN}>new domain …</option>
        </select>
      </td>
      <td className={classes.nowrap}>
        <Limit task={task} /> <span className={classes.quiet}>of {count(task.items.length)}</span>
      </td>
      <td>{metric("accuracyMetric", accuracyChoices(spec), "Accuracy")}</td>
      <td>{metric("continuousMetric", continuousChoices(spec), "Continuous")}</td>
      <td>{spec.origin?.nShot ?? 0}</td>
      <td>
        {task.modes.length > 1 ? (
          <select
            className={classes.select}
            aria-label={`Scoring mode of ${spec.label}`}
            title={MODES[mode].about}
            value={mode}
            onChange={(event) => void tasks.remakeTask(task, { mode: event.target.value as ScoringMode })}
          >
            {task.modes.map((m) => (
              <option key={m} value={m}>
                {MODES[m].label}
              </option>
            ))}
          </select>
        ) : (
          <span title={MODES[mode].about}>{MODES[mode].label}</span>
        )}
      </td>
      <td>
        <button
          type="button"
          className={classes.icon}
          aria-label={`Remove ${spec.label}`}
          onClick={() => tasks.change((d) => removeTask(d, key))}
        >
          <IconTrash size={15} aria-hidden="true" />
        </button>
      </td>
    </tr>
  );
}

function Limit({ task }: { readonly task: DraftTask }) {
  const { tasks } = useController();
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    const text = (typed ?? "").trim();
    const n = Math.floor(Number(text));
    if (typed !== null && (text === "" || n >= 1))
      tasks.change((d) => limitTask(d, task.key, text === "" ? null : n));
    setTyped(null);
  };
  return (
    <input
      className={classes.limit}
      inputMode="numeric"
      aria-label={`Items of ${task.spec.label} that are scored`}
      title="A seeded sample of so many items; empty for all"
      value={typed ?? String(countItems(task))}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setTyped(null);
      }}
    />
  );
}
