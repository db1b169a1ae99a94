import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ComponentSetSpec } from "../src/core/checkpoint/component-set";
import { setHash } from "../src/core/checkpoint/set-hash";
import { parseSetSpec } from "../src/core/checkpoint/set-spec";
import { parseRunsHeader, type RunsFile, splitScores } from "../src/core/scoring/runs-file";
import type { TaskSetLayout } from "../src/core/scoring/task";

/** The demo set as it is committed, read in Node: what the page must agree with. */
export const SET_FOLDER = fileURLToPath(new URL("../public/zoo/demo/", import.meta.url));

export const setFile = (name: string): Buffer => readFileSync(SET_FOLDER + name);

function readSpec(): ComponentSetSpec {
  const spec = parseSetSpec(setFile("demix-set.json").toString(), "demix-set.json");
  if (!spec.ok) throw new Error(spec.problem.message);
  return spec.value;
}

export const spec = readSpec();
export const layout = JSON.parse(setFile("layout.json").toString()) as TaskSetLayout;
export const labels = spec.components.map((c) => c.label);
export const totalItems = layout.tasks.reduce((n, t) => n + t.block.items, 0);

export async function hashOfSet(): Promise<string> {
  const hash = await setHash(spec);
  if (!hash) throw new Error("demix-set.json states no checksums");
  return hash;
}

/** A demix-runs file and its rows of item scores. */
export function readRuns(name: string): RunsFile {
  const header = parseRunsHeader(setFile(name).toString(), name, spec.components.length);
  if (!header.ok) throw new Error(header.problem.message);
  const { scoresFile } = header.value;
  const file = splitScores(header.value, new Uint8Array(setFile(scoresFile)), scoresFile);
  if (!file.ok) throw new Error(file.problem.message);
  return file.value;
}
