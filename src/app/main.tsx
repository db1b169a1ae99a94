import "@mantine/core/styles.css";
import "../ui/tokens.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createController } from "../state/controller";
import { ControllerProvider } from "../state/controller-context";
import { theme } from "../ui/theme";
import { App } from "./App";
import { browserParts } from "./browser-parts";

const controller = createController(browserParts());
controller.connect();
void controller.open("zoo/demo/").then(() => controller.warmUp());

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: 1 } } })}>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <ControllerProvider value={controller}>
          <App />
        </ControllerProvider>
      </MantineProvider>
    </QueryClientProvider>
  </StrictMode>,
);
