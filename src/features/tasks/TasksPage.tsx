import { Tabs } from "@mantine/core";
import { useState } from "react";
import { useLoadedSet } from "../../state/workbench-store";
import { count } from "../../ui/format";
import { ComparePanel } from "./ComparePanel";
import { EnoughPanel } from "./EnoughPanel";
import { ItemBrowser } from "./ItemBrowser";
import { ResultsExchange } from "./ResultsExchange";
import { TaskSetPanel } from "./TaskSetPanel";
import classes from "./TasksPage.module.css";

/** What is measured, and is it enough? The tasks, their items, what two mixtures make of them, and how many it takes. */
export default function TasksPage() {
  const { layout } = useLoadedSet();
  const [tab, setTab] = useState<string | null>("set");
  const items = layout.tasks.reduce((n, t) => n + t.block.items, 0);
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>
        {layout.name || "No tasks"}: <span>what is measured, and is it enough?</span>
      </h1>
      <Tabs value={tab} onChange={setTab} keepMounted={false} className={classes.tabs}>
        <Tabs.List>
          <Tabs.Tab value="set">Task set</Tabs.Tab>
          <Tabs.Tab value="items">Items ({count(items)})</Tabs.Tab>
          <Tabs.Tab value="compare">Compare two mixtures</Tabs.Tab>
          <Tabs.Tab value="enough">Is it enough?</Tabs.Tab>
          <Tabs.Tab value="files">Results files</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="set">
          <TaskSetPanel />
        </Tabs.Panel>
        <Tabs.Panel value="items">
          <ItemBrowser key={layout.hash} />
        </Tabs.Panel>
        <Tabs.Panel value="compare">
          <ComparePanel key={layout.hash} />
        </Tabs.Panel>
        <Tabs.Panel value="enough">
          <EnoughPanel />
        </Tabs.Panel>
        <Tabs.Panel value="files">
          <ResultsExchange key={layout.hash} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
