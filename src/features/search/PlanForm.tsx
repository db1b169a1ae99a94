import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { useController } from "../../state/controller-context";
import { type SearchPlan, useSearch } from "../../state/search-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { Choice } from "../../ui/Choice";
import { PlanCostNote } from "./PlanCostNote";
import classes from "./PlanForm.module.css";
import { parseRounds, planPresets, roundsText } from "./plan-presets";

const VIEWS = [
  { value: "continuous", label: "Continuous", title: "Sharper: likelihoods of the right answers" },
  { value: "accuracy", label: "Accuracy", title: "Right or wrong" },
] as const;
const CANDIDATES = [20_000, 200_000, 500_000] as const;

/** What a search will do, what it costs, and its start. */
export function PlanForm() {
  const controller = useController();
  const { spec } = useLoadedSet();
  const engine = useWorkbench((s) => s.engine.phase);
  const saved = useSearch((s) => s.plan);
  const phase = useSearch((s) => s.phase);
  const busy = phase === "running" || phase === "paused";
  const presets = planPresets(spec.components.length);
  const [draft, setDraft] = useState<SearchPlan>(saved);
  const [rounds, setRounds] = useState(roundsText(saved.rounds));
  const plan = busy ? saved : draft;
  const shownRounds = busy ? roundsText(saved.rounds) : rounds;
  const parsed = parseRounds(shownRounds, spec.components.length);
  const preset = presets.find((p) => parsed.ok && roundsText(p.rounds) === roundsText(parsed.rounds));
  const change = (part: Partial<SearchPlan>) => setDraft({ ...draft, ...part });
  const run = () => parsed.ok && controller.startSearch({ ...draft, rounds: parsed.rounds });
  const why = !parsed.ok
    ? parsed.why
    : engine === "ready"
      ? ""
      : engine === "failed"
        ? "The engine did not start."
        : "The engine is warming up …";
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <fieldset className={classes.fields} disabled={busy}>
        <legend className={classes.legend}>Proxies a round</legend>
        <div className={classes.presets}>
          {presets.map((p) => (
            <label key={p.id} className={classes.preset} title={p.about}>
              <input
                type="radio"
                name="preset"
                checked={preset?.id === p.id}
                onChange={() => setRounds(roundsText(p.rounds))}
              />
              <span>{roundsText(p.rounds)}</span>
              <small>{p.about}</small>
            </label>
          ))}
        </div>
        <label className={classes.field}>
          <span>Rounds</span>
          <input
            className={classes.input}
            value={shownRounds}
            spellCheck={false}
            aria-invalid={!parsed.ok}
            onChange={(event) => setRounds(event.target.value)}
          />
        </label>
        <div className={classes.two}>
          <label className={classes.field}>
            <span>Seed</span>
            <input
              className={classes.input}
              type="number"
              min={0}
              max={4_294_967_295}
              step={1}
              value={plan.seed}
              onChange={(event) => change({ seed: Math.max(0, Math.floor(Number(event.target.value) || 0)) })}
            />
          </label>
          <label className={classes.field}>
            <span>Candidates</span>
            <select
              className={classes.input}
              value={plan.candidates}
              onChange={(event) => change({ candidates: Number(event.target.value) })}
            >
              {[...new Set([...CANDIDATES, plan.candidates])]
                .sort((a, b) => a - b)
                .map((n) => (
                  <option key={n} value={n}>
                    {n.toLocaleString("en-US")}
                  </option>
                ))}
            </select>
          </label>
        </div>
        <div className={classes.field}>
          <span>Scores</span>
          <Choice
            label="Scores that the search goes by"
            options={VIEWS}
            value={plan.view}
            disabled={busy}
            onChange={(view) => change({ view })}
          />
        </div>
      </fieldset>
      <PlanCostNote rounds={parsed.ok ? parsed.rounds : []} />
      {!busy && (
        <Button
          fw={500}
          type="submit"
          fullWidth
          size="md"
          data-tour="search-run"
          disabled={why !== ""}
          leftSection={<IconPlayerPlay size={17} aria-hidden="true" />}
        >
          {phase === "idle" ? "Run search" : "Run a new search"}
        </Button>
      )}
      <p className={classes.why} role="status">
        {busy ? "" : why}
      </p>
    </form>
  );
}
