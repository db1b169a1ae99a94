import { useController } from "../../state/controller-context";
import { useSearch } from "../../state/search-store";
import { useWorkbench } from "../../state/workbench-store";
import { engineLine } from "../engine-words";
import classes from "./Tour.module.css";

/** Rounds of the search that the tour suggests. */
const SHORT = [6, 4, 2] as const;

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
  const controller = useController();
  if (phase === "running")
    return (
      <p className={classes.status}>
        {points} of {total}: {doing}
      </p>
    );
  return (
    <button
      type="button"
      className={classes.plain}
      onClick={() => controller.startSearch({ ...plan, rounds: SHORT })}
    >
      Run the short one: {SHORT.join(" + ")}
    </button>
  );
}
