import { arcChallenge, arcEasy } from "./arc";
import type { Benchmark } from "./benchmark";
import { gsm8k } from "./gsm8k";
import { hellaswag } from "./hellaswag";
import { humaneval } from "./humaneval";
import { mbpp } from "./mbpp";
import { minervaMath } from "./minerva-math";
import { piqa } from "./piqa";
import type { DataFile, Row } from "./row";
import { socialIqa } from "./social-iqa";
import { winogrande } from "./winogrande";

/** All that are recognised, the nine of the paper and ARC-Challenge, in the paper's order. */
export const BENCHMARKS: readonly Benchmark[] = [
  arcEasy,
  arcChallenge,
  hellaswag,
  winogrande,
  piqa,
  socialIqa,
  humaneval,
  mbpp,
  gsm8k,
  minervaMath,
];

/** Rows at the start of a file that must all be of one layout. */
const LOOKED_AT = 50;

/** The benchmark of a file's rows, by their fields; null where it is none. */
export function benchmarkOf({ name, rows }: DataFile): Benchmark | null {
  const first: readonly Row[] = rows.slice(0, LOOKED_AT);
  if (first.length === 0) return null;
  const found = BENCHMARKS.find((benchmark) => first.every((row) => benchmark.recognises(row)));
  return found === arcEasy && /challenge/i.test(name) ? arcChallenge : (found ?? null);
}
