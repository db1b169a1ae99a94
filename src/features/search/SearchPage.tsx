import { lazy, Suspense, useCallback, useMemo } from "react";
import { MACRO } from "../../core/scoring/score-table";
import { useMixture } from "../../state/mixture-store";
import { isComplete } from "../../state/records";
import { type SearchPoint, searchPlace, useSearch } from "../../state/search-store";
import { tableOf } from "../../state/tables";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { EmptyState } from "../../ui/EmptyState";
import { points as scoreText } from "../../ui/format";
import { Section } from "../../ui/Section";
import { bestCurve, recordOf } from "./best-curve";
import { PlanForm } from "./PlanForm";
import { PredictorQuality } from "./PredictorQuality";
import { ResultPanel } from "./ResultPanel";
import { RoundKey } from "./RoundKey";
import { RunStatus } from "./RunStatus";
import classes from "./SearchPage.module.css";
import { SearchTernary } from "./SearchTernary";
import { TopProxies } from "./TopProxies";

const BestCurve = lazy(() => import("./BestCurve"));

/** Which mixture is best, for how much? */
export default function SearchPage() {
  const { layout, hash, spec } = useLoadedSet();
  const bySubject = useWorkbench((s) => s.bySubject);
  const search = useSearch();
  const method = useMixture((s) => s.method);
  const mine = hash !== null && search.place === searchPlace(hash, method);
  const { plan } = search;
  const points = mine ? search.points : NO_POINTS;
  const recommended = mine && search.phase === "finished" ? search.recommended : null;
  const intervalOf = useCallback(
    (point: SearchPoint) => {
      const record = recordOf(bySubject, point.alpha);
      return record && isComplete(record) ? (tableOf(layout, record.scores, plan.view)[MACRO] ?? null) : null;
    },
    [bySubject, layout, plan.view],
  );
  const curve = useMemo(() => bestCurve(points, intervalOf), [points, intervalOf]);
  const base = bySubject.get('{"kind":"base"}');
  const baseValue =
    base && isComplete(base) ? (tableOf(layout, base.scores, plan.view)[MACRO]?.value ?? null) : null;
  const baseText = baseValue === null ? "" : ` · base ${scoreText(baseValue)}`;
  return (
    <div className={classes.page}>
      <h1 className={classes.hidden}>Which mixture is best, for how much?</h1>
      <div className={classes.side}>
        <Section title="Plan of the search">
          <RunStatus />
          <PlanForm />
        </Section>
      </div>
      <div className={classes.main}>
        <Section
          title="Rounds as clouds"
          className={classes.clouds}
          aside={<RoundKey rounds={plan.rounds} recommended={recommended !== null} />}
        >
          {spec.components.length >= 3 ? (
            <SearchTernary points={points} rounds={plan.rounds.length} recommended={recommended} />
          ) : (
            <EmptyState title="No triangle">It needs three components.</EmptyState>
          )}
          <p className={classes.note}>
            {points.length === 0
              ? "First proxies everywhere, later ones where the best is expected."
              : "Placed by the shown three’s proportions; fainter where the others hold more."}
          </p>
        </Section>
        <Section
          title="Best so far"
          className={classes.curve}
          aside={`macro average in %, ${plan.view} scores${baseText}`}
        >
          <Suspense fallback={<div className={classes.chartRoom} />}>
            <BestCurve curve={curve} rounds={plan.rounds} base={baseValue} />
          </Suspense>
        </Section>
      </div>
      <div className={classes.side}>
        {recommended ? (
          <ResultPanel recommended={recommended} view={plan.view} />
        ) : (
          <Section title="How it goes">
            <ol className={classes.steps}>
              <li>The first round samples mixtures over the whole simplex; each is merged and scored.</li>
              <li>A Gaussian process is fitted for each domain and scores fresh candidates.</li>
              <li>The next, smaller round measures some of the best; so on to the last round.</li>
              <li>
                The top {plan.average} candidates are averaged: that is the recommended mixture, which is then
                measured.
              </li>
            </ol>
          </Section>
        )}
        {points.length > 0 && <TopProxies points={points} />}
        <PredictorQuality />
      </div>
    </div>
  );
}

const NO_POINTS: readonly SearchPoint[] = [];
