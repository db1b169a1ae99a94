import { readFileSync } from "node:fs";

const VALUES = new URL("../../../reference/values/families.json", import.meta.url);

/** Configs of tiny models of every decoder family, several of each, with their names. */
export const TINY_MODELS: readonly [string, Record<string, unknown>][] = (
  JSON.parse(readFileSync(VALUES, "utf8")) as { cases: { name: string; config: Record<string, unknown> }[] }
).cases.map(({ name, config }) => [name, config]);
