import { useEffect, useMemo, useState } from "react";
import type { AverageRank } from "../core/rank/average-rank";
import type { Consistency } from "../core/rank/consistency";
import type { Problem, Result } from "../core/result";
import { createRanker, type Ranker } from "../engine/rank-bridge";
import { layoutKey } from "./layout-key";
import { useView } from "./view-store";
import { useLoadedSet } from "./workbench-store";

const OPTIONS = { bootstrap: 500, seed: 0 } as const;

let ranker: Ranker | null = null;
/** Answers by question, for as long as the page lives: a question names its inputs by content. */
const answers = new Map<string, Result<unknown>>();

/** A row of item scores with a name that stands for its content: equal names mean equal scores. */
export interface NamedRow {
  readonly name: string;
  readonly scores: Float32Array;
}

export interface Comparison {
  readonly proxies: readonly NamedRow[];
  /** references[i] was trained on the mixture of proxies[i]. */
  readonly references: readonly NamedRow[];
}

export type Figures<T> =
  | { readonly phase: "waiting" }
  | { readonly phase: "ready"; readonly value: T }
  | { readonly phase: "failed"; readonly problem: Problem };

type Ask<T> = (ranker: Ranker, signal: AbortSignal) => Promise<Result<T>>;

/** Asks the rank worker what was not asked before, one question after another; null questions wait. */
function useAnswers<T>(
  questions: readonly (string | null)[],
  ask: (i: number) => Ask<T>,
): readonly Figures<T>[] {
  const [version, setVersion] = useState(0);
  const all = questions.join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the questions stand for the inputs
  useEffect(() => {
    const abort = new AbortController();
    questions.forEach((question, i) => {
      if (question === null || answers.get(question)?.ok) return;
      ranker ??= createRanker();
      void ask(i)(ranker, abort.signal).then((answer) => {
        if (answer.ok || !abort.signal.aborted) answers.set(question, answer);
        if (!abort.signal.aborted) setVersion((v) => v + 1);
      });
    });
    return () => abort.abort();
  }, [all]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that there are new answers
  return useMemo(
    () =>
      questions.map((question): Figures<T> => {
        const answer = question === null ? undefined : answers.get(question);
        if (!answer) return { phase: "waiting" };
        return answer.ok
          ? { phase: "ready", value: answer.value as T }
          : { phase: "failed", problem: answer.problem };
      }),
    [all, version],
  );
}

const names = (rows: readonly NamedRow[]) => rows.map((r) => r.name).join(",");
const scoresOf = (rows: readonly NamedRow[]) => rows.map((r) => r.scores);

/** ρ, top-25 % ρ and recovery of each comparison in the current view, computed in a worker. */
export function useConsistencies(comparisons: readonly Comparison[]): readonly Figures<Consistency>[] {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const questions = comparisons.map(({ proxies, references }) =>
    proxies.length < 2 ? null : `${layoutKey(layout)} ${view} ${names(proxies)} | ${names(references)}`,
  );
  const ask =
    (bootstrap: number) =>
    (i: number): Ask<Consistency> =>
    (worker, signal) => {
      const { proxies, references } = comparisons[i]!;
      const request = { layout, view, proxies: scoresOf(proxies), references: scoresOf(references) };
      return worker.consistency(signal, { ...request, options: { ...OPTIONS, bootstrap } });
    };
  // The values at once, without intervals; the intervals follow.
  const quick = useAnswers(
    questions.map((q) => (q === null ? null : `${q} quick`)),
    ask(0),
  );
  const whole = useAnswers(questions, ask(OPTIONS.bootstrap));
  return useMemo(() => whole.map((w, i) => (w.phase === "waiting" ? quick[i]! : w)), [quick, whole]);
}

/** Average rank of each candidate among the references, in the current view, computed in a worker. */
export function useAverageRanks(
  references: readonly NamedRow[],
  candidates: readonly NamedRow[],
): Figures<readonly AverageRank[]> {
  const { layout } = useLoadedSet();
  const view = useView((s) => s.view);
  const open = references.length > 0 && candidates.length > 0;
  const question = open
    ? `${layoutKey(layout)} ${view} rank ${names(references)} | ${names(candidates)}`
    : null;
  const [figures] = useAnswers<readonly AverageRank[]>([question], () => (worker, signal) => {
    const request = { layout, view, references: scoresOf(references), candidates: scoresOf(candidates) };
    return worker.averageRanks(signal, { ...request, options: OPTIONS });
  });
  return figures ?? { phase: "waiting" };
}
