import { expose } from "comlink";
import { fitSurface } from "../src/core/predict/gaussian-process";
import { recommend } from "../src/core/search/recommend";
import type { PredictWorkerApi } from "../src/protocol/predict-protocol";

const api: PredictWorkerApi = {
  fit: async (rows, targets, seed) => fitSurface(rows, targets, seed),
  recommend: async (request) => recommend(request),
};

expose(api);
