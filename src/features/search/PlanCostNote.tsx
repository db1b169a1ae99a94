import { useMemo } from "react";
import { useSearch } from "../../state/search-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { count } from "../../ui/format";
import { duration, tokensText } from "../../ui/quantity";
import classes from "./PlanForm.module.css";
import { paceOf, planCost } from "./plan-cost";

const known = (tokens: number | null) => (tokens === null ? "–" : tokensText(tokens));

/** What the plan costs: proxies, time at the measured pace, and tokens. */
export function PlanCostNote({ rounds }: { readonly rounds: readonly number[] }) {
  const { spec, layout } = useLoadedSet();
  const measurements = useWorkbench((s) => s.measurements);
  const now = useSearch((s) => s.secondsPerProxy);
  const items = layout.tasks.reduce((n, t) => n + t.block.items, 0);
  const pace = useMemo(() => paceOf(measurements, now), [measurements, now]);
  const cost = planCost(rounds, items, spec.components, pace);
  return (
    <dl className={classes.cost}>
      <dt>measures</dt>
      <dd>
        {count(cost.proxies)} proxies + 1<small>{count(cost.items)} item scores at most</small>
      </dd>
      <dt>takes</dt>
      <dd>
        {cost.seconds === null ? "not timed yet" : `at most ${duration(cost.seconds)}`}
        <small>
          {pace
            ? `${pace.seconds.toFixed(1)} s a proxy, timed ${pace.from === "here" ? "here" : "where the set was made"}`
            : "the first measurement tells"}
        </small>
      </dd>
      <dt>trains</dt>
      <dd>
        0 tokens
        <small>
          the components took {known(cost.componentTokens)}; {count(cost.proxies)} trained runs would take{" "}
          {known(cost.trainedTokens)}
        </small>
      </dd>
    </dl>
  );
}
