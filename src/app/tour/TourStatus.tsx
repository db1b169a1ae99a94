import { sentence } from "../../core/result";
import { useController } from "../../state/controller-context";
import { useSearch } from "../../state/search-store";
import { useLoadedSet, useWorkbench } from "../../state/workbench-store";
import { engineLine } from "../engine-words";
import classes from "./Tour.module.css";

/** Rounds of the search that the tour suggests; the predictor needs two mixtures more than there are components. */
const shortRounds = (components: number) => [Math.max(8, components + 2), 4, 2] as const;

/** What happens now with the thing a step waits for. */
export function TourStatus({ what }: { readonly what: "measure" | "search" }) {
  const engine = useWorkbench((s) => s.engine);
  const running = useWorkbench((s) => s.running);
  if (engine.phase !== "ready")
    return (
      <p className={classes.status}>
        {engine.phase === "failed"
          ? "The engine does not run, so nothing can be measured now."
          : `First the engine has to be ready: ${engineLine(engine).text}.`}
      </p>
    );
  if (what === "search") return <SearchStatus />;
  if (!running) return null;
  return (
    <p className={classes.status}>
      {running.done} of {running.total} items
    </p>
  );
}

function SearchStatus() {
  const phase = useSearch((s) => s.phase);
  const doing = useSearch((s) => s.doing);
  const plan = useSearch((s) => s.plan);
  const points = useSearch((s) => s.points.length);
  const total = useSearch((s) => s.total);
  const problem = useSearch((s) => s.problem);
  const { spec } = useLoadedSet();
  const controller = useController();
  const rounds = shortRounds(spec.components.length);
  if (phase === "running")
    return (
      <p className={classes.status}>
        {points} of {total}: {doing}
      </p>
    );
  return (
    <>
      {phase === "failed" && problem && <p className={classes.status}>{sentence(problem)}</p>}
      <button
        type="button"
        className={classes.plain}
        onClick={() => controller.startSearch({ ...plan, rounds })}
      >
        Run the short one: {rounds.join(" + ")}
      </button>
    </>
  );
}
