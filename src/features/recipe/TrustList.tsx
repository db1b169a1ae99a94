import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Mixture } from "../../core/mixture/mixture";
import { sentence } from "../../core/result";
import type { Measurement } from "../../core/scoring/measurement";
import { pairedDifference } from "../../core/scoring/paired";
import { useTargets } from "../../state/hooks";
import { useView } from "../../state/view-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { Section } from "../../ui/Section";
import classes from "./TrustList.module.css";
import { trustNotes } from "./warnings";

/** When not to trust this proxy, with the measured numbers. */
export function TrustList(props: {
  readonly alpha: Mixture;
  readonly record: Measurement | null;
  readonly base: Measurement | null;
  /** False for a merge method without weights. */
  readonly weighted: boolean;
}) {
  const { alpha, record, base, weighted } = props;
  const { spec, layout, unscored } = useLoadedSet();
  const engine = useWorkbench((s) => s.engine);
  const view = useView((s) => s.view);
  const targets = useTargets();
  const health = engine.phase === "ready" ? engine.opened.set.health : null;
  const notes = useMemo(() => {
    const table = record && base ? pairedDifference(layout, record.scores, base.scores, view) : null;
    const differences = table
      ? targets
          .filter((t) => t.kind !== "task")
          .map((t) => ({ against: "the base", target: t.label, difference: table[t.id]! }))
      : [];
    const why = unscored
      ? sentence(unscored)
      : weighted
        ? null
        : "Its method takes no weights, so it is no proxy of a mixture: write the model and score it elsewhere.";
    return trustNotes({ alpha, spec, health, measured: record !== null, differences, unscored: why });
  }, [alpha, spec, health, record, base, layout, view, targets, unscored, weighted]);
  return (
    <Section title="May it be trusted?" aside={health ? "" : "δ is known once the weights are read"}>
      <ul className={classes.list}>
        {notes.map(({ id, level, title, text }) => (
          <li key={id} data-level={level}>
            {level === "good" ? (
              <IconCircleCheck size={17} aria-hidden="true" />
            ) : (
              <IconAlertTriangle size={17} aria-hidden="true" />
            )}
            <div>
              <strong>{title}</strong>
              <p>{text}</p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
