import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Item, TaskSetSpec } from "../../src/core/scoring/task";
import { SourceError } from "../corpus/packages";
import { sha256 } from "../corpus/rng";
import type { Refs } from "./refs";
import type { TaskDefinition } from "./tasks";

export const DEMO = resolve(import.meta.dirname, "../../public/zoo/demo");
export const REFS = resolve(import.meta.dirname, "refs");

/** The exact bytes of an items file: one item a line. */
export function itemsText(task: string, items: readonly Item[]): string {
  const lines = items.map((item) => JSON.stringify(item)).join(",\n");
  return `{"format":"demix-items","version":1,"task":"${task}","items":[\n${lines}\n]}\n`;
}

export function readRefs(task: string): Refs {
  return JSON.parse(readFileSync(join(REFS, `${task}.json`), "utf8")) as Refs;
}

export function readTaskSet(): TaskSetSpec {
  return JSON.parse(readFileSync(join(DEMO, "tasks.json"), "utf8")) as TaskSetSpec;
}

export function writeFileWhole(path: string, text: string): void {
  mkdirSync(resolve(path, ".."), { recursive: true });
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

/** Makes a task's items file unless it stands already; true when it was written. */
export function ensureItems(definition: TaskDefinition, taskSet: TaskSetSpec, refs = readRefs): boolean {
  const { id } = definition.spec;
  const spec = taskSet.tasks.find((task) => task.id === id);
  if (!spec)
    throw new SourceError(`tasks.json has no task ${id}: draw the references again (zoo/README.md).`);
  const path = join(DEMO, spec.itemsFile);
  if (existsSync(path) && sha256(readFileSync(path)) === spec.itemsSha256) return false;
  const text = itemsText(id, definition.build(refs(id)));
  if (sha256(text) !== spec.itemsSha256) {
    throw new SourceError(
      `${id}: the items made here differ from those in tasks.json: restore zoo/ and public/zoo/ from the repository and run npm ci.`,
    );
  }
  writeFileWhole(path, text);
  return true;
}
