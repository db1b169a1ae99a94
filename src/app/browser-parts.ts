import { createIdbJournal } from "../engine/journal";
import { createPredictor } from "../engine/predict-bridge";
import type { Parts } from "../state/controller";

/** The browser's engine (loaded when first asked for), journal and predictor. */
export const browserParts = (): Parts => ({
  engine: () => import("../engine/worker-bridge").then((m) => m.createWorkerEngine()),
  journal: createIdbJournal(),
  predictor: createPredictor(),
});
