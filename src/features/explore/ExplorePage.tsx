import { Tabs } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { sentence } from "../../core/result";
import { useWorkbench } from "../../state/workbench-store";
import { EmptyState } from "../../ui/EmptyState";
import classes from "./ExplorePage.module.css";
import { MixturePanel } from "./MixturePanel";
import { ScoresPanel } from "./ScoresPanel";
import { SettledScores } from "./SettledScores";
import { TrianglePanel } from "./TrianglePanel";

/** What if I shift the mixture? Sliders, the triangle of predicted scores, and the scores with their intervals. */
export function ExplorePage() {
  const set = useWorkbench((s) => s.set);
  const narrow = useMediaQuery("(max-width: 1099px)", window.innerWidth < 1100);
  if (set.phase === "loading") return <EmptyState title="Opening the component set …" />;
  if (set.phase === "failed")
    return <EmptyState title="The component set did not open">{sentence(set.problem)}</EmptyState>;
  if (narrow) {
    return (
      <Tabs defaultValue="triangle" className={classes.tabs} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="mixture">Mixture</Tabs.Tab>
          <Tabs.Tab value="triangle">Triangle</Tabs.Tab>
          <Tabs.Tab value="scores">Scores</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="mixture">
          <MixturePanel />
        </Tabs.Panel>
        <Tabs.Panel value="triangle">
          <TrianglePanel />
        </Tabs.Panel>
        <Tabs.Panel value="scores">
          <ScoresPanel />
        </Tabs.Panel>
        <SettledScores />
      </Tabs>
    );
  }
  return (
    <div className={classes.page}>
      <MixturePanel />
      <TrianglePanel />
      <ScoresPanel />
      <SettledScores />
    </div>
  );
}

export default ExplorePage;
