import "@mantine/core/styles.css";
import "../ui/tokens.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ControllerProvider, createWorkbench } from "../state/controller-context";
import { closeDialogs } from "../state/dialogs";
import { queryClient } from "../state/query-client";
import { useView } from "../state/view-store";
import { openedSet } from "../state/workbench-store";
import { theme } from "../ui/theme";
import { App } from "./App";
import { announce } from "./announcer";
import { browserParts } from "./browser-parts";
import { demoAddress } from "./demo-set";
import { pageEntry } from "./pages";
import { connectRouting } from "./routing";
import { connectShareLinks, linkedSet } from "./share";

const controller = createWorkbench(browserParts(), {
  demo: demoAddress(),
  linked: linkedSet,
  opened: () => {
    closeDialogs();
    announce(`${openedSet()?.spec.name ?? "The set"} is open.`);
    useView.getState().go("set");
  },
});
controller.connect();
connectShareLinks();
connectRouting();
pageEntry(useView.getState().page).preload();
void controller.sets.restore();

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <ControllerProvider value={controller}>
          <App />
        </ControllerProvider>
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
);
