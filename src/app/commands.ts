import type { MantineColorScheme } from "@mantine/core";
import { mixtureObstacle } from "../core/merge/choose-method";
import { MERGE_METHODS } from "../core/merge/registry";
import { uniform, vertex } from "../core/mixture/mixture";
import { targetsOf } from "../core/scoring/score-table";
import type { Workbench } from "../state/controller-context";
import { openDialog } from "../state/dialogs";
import { useMixture } from "../state/mixture-store";
import { useOpening } from "../state/opening-store";
import { useSearch } from "../state/search-store";
import { useView } from "../state/view-store";
import { useWorkbench } from "../state/workbench-store";
import { PAGE_LIST } from "./pages";
import { copyShareLink } from "./share";
import { startTour } from "./tour/tour-store";

export interface Command {
  readonly id: string;
  readonly group: "Page" | "Set" | "Mixture" | "Merge by" | "Colour by" | "Measure" | "Workbench";
  readonly label: string;
  readonly run: () => void;
}

/** A uniform draw from the simplex: exponential weights. */
const randomWeights = (k: number) => Array.from({ length: k }, () => -Math.log(1 - Math.random()));

/** Everything that can be done now, in the order shown. */
export function commandsNow(controller: Workbench, setScheme: (s: MantineColorScheme) => void): Command[] {
  const { set, recommended, running, engine } = useWorkbench.getState();
  const { go, setTarget, setView, view } = useView.getState();
  const { setAlpha, setMethod, undo, redo, past, future } = useMixture.getState();
  const list: Command[] = PAGE_LIST.map(({ id, label, question }) => ({
    id: `page ${id}`,
    group: "Page",
    label: `Go to ${label}: ${question}`,
    run: () => go(id),
  }));
  const add = (group: Command["group"], label: string, run: () => void) =>
    list.push({ id: `${group} ${label}`, group, label, run });

  const open = (label: string, run: () => void) => add("Set", label, run);
  open("Open a set …", () => openDialog("open-set"));
  open("Open the demo set", () => void controller.sets.openDemo());
  for (const recent of useOpening.getState().recents)
    open(`Open ${recent.name}`, () => {
      openDialog("open-set");
      void controller.sets.openRecent(recent);
    });

  if (set.phase === "ready") {
    const { spec, layout, unscored } = set.set;
    const k = spec.components.length;
    add("Mixture", "Uniform", () => setAlpha(uniform(k)));
    add("Mixture", "Random", () => setAlpha(randomWeights(k)));
    if (recommended) add("Mixture", "Recommended by the search", () => setAlpha(recommended));
    for (const [i, c] of spec.components.entries())
      add("Mixture", `${c.label} alone`, () => setAlpha(vertex(i, k)));
    if (past.length > 0) add("Mixture", "Undo", undo);
    if (future.length > 0) add("Mixture", "Redo", redo);
    if (!unscored)
      for (const target of targetsOf(layout)) add("Colour by", target.label, () => setTarget(target.id));
    const other = view === "continuous" ? "accuracy" : "continuous";
    if (!unscored) add("Colour by", `Use the ${other} scores`, () => setView(other));
    for (const method of MERGE_METHODS)
      if (mixtureObstacle(method, k) === null)
        add("Merge by", method.label, () => setMethod({ name: method.name, parameters: {} }));
    if (engine.phase === "ready" && !unscored)
      add("Measure", "Measure this mixture", () => void controller.measureWanted());
    if (running?.by === "user")
      add("Measure", "Cancel the measurement", () => controller.cancelMeasurement());
    const { phase, plan } = useSearch.getState();
    const search = (label: string, run: () => void) =>
      add("Measure", label, () => {
        go("search");
        run();
      });
    if (phase === "running") search("Pause the search", () => controller.pauseSearch());
    else if (phase === "paused") search("Resume the search", () => controller.resumeSearch());
    else if (engine.phase === "ready" && !unscored)
      search(`Run a search (${plan.rounds.join(" + ")} proxies)`, () => controller.startSearch(plan));
    if (engine.phase === "failed") add("Workbench", "Start the engine again", () => void controller.warmUp());
    add("Workbench", "Copy a link to this state", () => void copyShareLink());
  }
  add("Workbench", "Take the tour", startTour);
  add("Workbench", "List the keys", () => openDialog("keys"));
  add("Workbench", "Light colours", () => setScheme("light"));
  add("Workbench", "Dark colours", () => setScheme("dark"));
  add("Workbench", "Colours as the system", () => setScheme("auto"));
  return list;
}

/** Commands whose group or label holds every word of the query, in order. */
export function matching(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ group, label }) => {
    const text = `${group} ${label}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
