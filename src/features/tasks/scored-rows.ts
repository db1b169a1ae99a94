import { useMemo } from "react";
import { subjectText } from "../../core/scoring/address";
import type { Subject } from "../../core/scoring/measurement";
import { useMixture } from "../../state/mixture-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";

/** A model whose item scores are known, complete or not. */
export interface ScoredRow {
  readonly key: string;
  readonly label: string;
  readonly subject: Subject;
  /** Of the measurement; null while it runs. */
  readonly address: string | null;
  readonly scores: Float32Array;
  readonly done: number;
  readonly total: number;
}

const HERE = "here";

/** All measured models of the method and tasks in use: the mixture under the cursor, the base, then newest first. */
export function useScoredRows(): readonly ScoredRow[] {
  const measurements = useWorkbench((s) => s.measurements);
  const { spec } = useLoadedSet();
  const alpha = useMixture((s) => s.alpha);
  const running = useWorkbench((s) => (s.running?.by === "user" ? s.running : null));
  return useMemo(() => {
    const here = subjectText({ kind: "mixture", alpha });
    const rows: ScoredRow[] = [];
    for (const [i, m] of measurements.entries()) {
      const { subject } = m.key;
      const text = subjectText(subject);
      const parts =
        subject.kind === "base"
          ? ["base"]
          : subject.alpha.flatMap((share, c) =>
              share > 0.0005 ? [`${spec.components[c]?.label ?? c} ${Math.round(share * 100)}`] : [],
            );
      const partial = m.done < m.total ? `, ${m.done} of ${m.total} items` : "";
      const name = subject.kind === "base" ? "the base" : `${i + 1}: ${parts.join(", ")}`;
      rows.push({
        key: text === here ? HERE : text,
        label: text === here ? `this mixture (${parts.join(", ")}${partial})` : name + partial,
        subject,
        address: m.address,
        scores: m.scores,
        done: m.done,
        total: m.total,
      });
    }
    if (running?.scores && subjectText(running.subject) === here && !rows.some((r) => r.key === HERE))
      rows.push({
        key: HERE,
        label: `this mixture, ${running.done} of ${running.total} items so far`,
        subject: running.subject,
        address: null,
        scores: running.scores,
        done: running.done,
        total: running.total,
      });
    const rank = (r: ScoredRow) => (r.key === HERE ? 0 : r.subject.kind === "base" ? 1 : 2);
    return rows.reverse().sort((a, b) => rank(a) - rank(b));
  }, [measurements, spec, alpha, running]);
}
