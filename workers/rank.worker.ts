import { expose } from "comlink";
import { averageRanks } from "../src/core/rank/average-rank";
import { consistency } from "../src/core/rank/consistency";
import type { RankWorkerApi } from "../src/protocol/rank-protocol";

const api: RankWorkerApi = {
  consistency: async ({ layout, proxies, references, view, options }) =>
    consistency(layout, proxies, references, view, options),
  averageRanks: async ({ layout, references, candidates, view, options }) =>
    averageRanks(layout, references, candidates, view, options),
};

expose(api);
