import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ComponentSetSpec } from "../../src/core/checkpoint/component-set";
import { sentence } from "../../src/core/result";
import { parseRunsHeader, type RunsFile, splitScores } from "../../src/core/scoring/runs-file";
import type { TaskSetLayout } from "../../src/core/scoring/task";

export const DEMO = join(dirname(fileURLToPath(import.meta.url)), "../../public/zoo/demo");

const json = <T>(name: string): T => JSON.parse(readFileSync(join(DEMO, name), "utf8")) as T;

/** The committed demo set as the page reads it; throws with the sentence of the first problem. */
export function readDemo() {
  const spec = json<ComponentSetSpec>("demix-set.json");
  const layout = json<TaskSetLayout>("layout.json");
  return { spec, layout, design: runs("design.json", spec), references: runs("references.json", spec) };
}

function runs(name: string, spec: ComponentSetSpec): RunsFile {
  const header = parseRunsHeader(readFileSync(join(DEMO, name), "utf8"), name, spec.components.length);
  if (!header.ok) throw new Error(sentence(header.problem));
  const file = splitScores(
    header.value,
    readFileSync(join(DEMO, header.value.scoresFile)),
    header.value.scoresFile,
  );
  if (!file.ok) throw new Error(sentence(file.problem));
  return file.value;
}
