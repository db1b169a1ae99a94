import type { BenchmarkId } from "./benchmark";

export type Split = "train" | "validation" | "test" | "prompt" | "shots" | null;

const NAMES: readonly (readonly [Split, RegExp])[] = [
  ["shots", /few.?shots?|\dshot|shots/i],
  ["train", /(?:^|[^a-z])train/i],
  ["validation", /(?:^|[^a-z])(?:valid|validation|val|dev)(?:[^a-z]|$)/i],
  ["test", /(?:^|[^a-z])test(?:[^a-z]|$)/i],
  ["prompt", /(?:^|[^a-z])prompt(?:[^a-z]|$)/i],
];

/** The split that a file's name tells of; the folders before it say nothing. */
export function splitOf(file: string): Split {
  const name = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1);
  return NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

const BY_VALIDATION: ReadonlySet<BenchmarkId> = new Set(["hellaswag", "winogrande", "piqa", "social_iqa"]);

/** Splits from the one that lm-eval scores downwards. */
export const splitOrder = (id: BenchmarkId): readonly Split[] =>
  BY_VALIDATION.has(id)
    ? ["validation", null, "test", "train"]
    : ["test", null, "validation", "train", "prompt"];
