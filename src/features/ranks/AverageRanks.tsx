import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { suppliesOf } from "../../core/checkpoint/component-set";
import { sentence } from "../../core/result";
import { subjectText } from "../../core/scoring/address";
import { domainTarget, tasksByDomain } from "../../core/scoring/score-table";
import { useController } from "../../state/controller-context";
import { useMixture } from "../../state/mixture-store";
import { type NamedRow, useAverageRanks } from "../../state/ranking";
import { isComplete } from "../../state/records";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { MiniMix } from "../../ui/MiniMix";
import classes from "./FiguresTable.module.css";
import { rankCandidates } from "./rank-candidates";
import type { RankRow } from "./rank-rows";

const NONE: readonly NamedRow[] = [];

/** Average rank of a few mixtures among the references, and among the references' own merged proxies. */
export function AverageRanks({ rows }: { readonly rows: readonly RankRow[] }) {
  const controller = useController();
  const { spec, layout } = useLoadedSet();
  const recommended = useWorkbench((s) => s.recommended);
  const bySubject = useWorkbench((s) => s.bySubject);
  const engineReady = useWorkbench((s) => s.engine.phase === "ready");
  const gesture = useMixture((s) => s.gesture);
  const alpha = useMixture((s) => s.alpha);
  const current = gesture?.alpha ?? alpha;
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const labels = spec.components.map((c) => c.label);
  const candidates = useMemo(
    () => rankCandidates(suppliesOf(spec.components) ?? spec.components.map(() => 0), current, recommended),
    [spec, current, recommended],
  );
  const measured = candidates.map((c) => {
    const record = bySubject.get(subjectText({ kind: "mixture", alpha: c.alpha }));
    return record && isComplete(record) ? record : null;
  });
  const known: NamedRow[] = measured.flatMap((m) => (m ? [{ name: m.address, scores: m.scores }] : []));
  const references = useMemo(
    () => rows.map((r): NamedRow => ({ name: `${r.id}@1`, scores: r.reference.scores })),
    [rows],
  );
  const merged = useMemo(
    () =>
      rows.every((r) => r.merged)
        ? rows.map((r): NamedRow => ({ name: r.merged!.address, scores: r.merged!.scores }))
        : NONE,
    [rows],
  );
  const among = useAverageRanks(references, known);
  const amongMerged = useAverageRanks(merged, known);
  const domains = tasksByDomain(layout);
  const measure = async (id: string, mixture: readonly number[]) => {
    setBusy(id);
    setProblem(null);
    const result = await controller.measureForSearch(
      { kind: "mixture", alpha: mixture },
      new AbortController().signal,
    );
    setBusy(null);
    if (!result.ok) setProblem(sentence(result.problem));
  };
  return (
    <>
      <div className={classes.scroll}>
        <table className={`${classes.table} ${classes.ranks}`}>
          <thead>
            <tr>
              <th scope="col">Mixture</th>
              <th scope="col">among references</th>
              {domains.map((d) => (
                <th key={d.id} scope="col">
                  {d.label}
                </th>
              ))}
              <th scope="col">among their merged proxies</th>
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate, i) => {
              const at = measured.slice(0, i).filter(Boolean).length;
              const rank = measured[i] && among.phase === "ready" ? among.value[at] : undefined;
              const same = measured[i] && amongMerged.phase === "ready" ? amongMerged.value[at] : undefined;
              return (
                <tr key={candidate.id}>
                  <th scope="row">
                    <MiniMix shares={candidate.alpha} labels={labels} width={52} /> {candidate.label}
                  </th>
                  {measured[i] ? (
                    <>
                      <td>{rank ? <Rank estimate={rank.average} /> : "…"}</td>
                      {domains.map((d) => (
                        <td key={d.id}>{rank ? oneDecimal(rank.perDomain[domainTarget(d.id)]!) : "…"}</td>
                      ))}
                      <td>{same ? <Rank estimate={same.average} /> : merged.length === 0 ? "–" : "…"}</td>
                    </>
                  ) : (
                    <td colSpan={domains.length + 2}>
                      not measured{" "}
                      <Button
                        fw={500}
                        size="compact-xs"
                        variant="default"
                        loading={busy === candidate.id}
                        disabled={!engineReady || busy !== null}
                        onClick={() => void measure(candidate.id, candidate.alpha)}
                      >
                        Measure
                      </Button>
                    </td>
                  )}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {problem && (
        <p className={classes.note} role="alert">
          {problem}
        </p>
      )}
      <p className={classes.note}>
        Mean over domains of the rank among {rows.length} references, 1 is best; half way is{" "}
        {oneDecimal((rows.length + 2) / 2)}. “By dataset size” is what the paper calls Uniform. These mixtures
        were not trained: it is their <em>merged proxy’s</em> score that is placed among the references’
        scores, so a general gap between merging and training (recovery ≠ 1) shifts it. The last column places
        it among the merged proxies of the same references, like with like.
      </p>
    </>
  );
}

const oneDecimal = (v: number) => (Number.isFinite(v) ? v.toFixed(1) : "–");

function Rank({ estimate }: { readonly estimate: { value: number; low: number; high: number } }) {
  return (
    <>
      {oneDecimal(estimate.value)}
      <span className={classes.interval}>
        {Number.isFinite(estimate.low) ? `[${oneDecimal(estimate.low)}, ${oneDecimal(estimate.high)}]` : ""}
      </span>
    </>
  );
}
