/** One row of the DeMix paper's Table 12: score of merged ÷ score of really trained, by update magnitude δ. */
export interface PaperPoint {
  readonly delta: number;
  readonly math: number;
  readonly code: number;
}

export const PAPER_TABLE_12: readonly PaperPoint[] = [
  { delta: 0.031, math: 1.04, code: 0.97 },
  { delta: 0.069, math: 0.96, code: 0.81 },
  { delta: 0.101, math: 0.82, code: 0.75 },
  { delta: 0.105, math: 0.79, code: 0.75 },
];

/** Above this δ the workbench warns (method, section 6). */
export const LARGE_DELTA = 0.1;
/** Half way between the paper's first two points. */
const SMALL_DELTA = 0.05;

export type Grade = "good" | "fair" | "poor";

export const gradeOf = (delta: number): Grade =>
  delta > LARGE_DELTA ? "poor" : delta > SMALL_DELTA ? "fair" : "good";

const percent = (x: number) => `${Math.round(x * 100)} %`;
const shownDelta = (x: number) => `${(x * 100).toFixed(1)} %`;
const pointWords = (p: PaperPoint) =>
  `δ ${shownDelta(p.delta)}: ${percent(p.math)} in math and ${percent(p.code)} in code`;

/** Where a δ stands among the paper's figures, in one sentence. */
export function gradeSentence(delta: number): string {
  const first = PAPER_TABLE_12[0]!;
  const last = PAPER_TABLE_12.at(-1)!;
  const scored = "In the paper, merged proxies scored, of what really trained models score, at";
  if (delta <= first.delta) return `${scored} ${pointWords(first)}; this update is no larger.`;
  if (delta >= last.delta) return `${scored} ${pointWords(last)}; this update is no smaller.`;
  const above = PAPER_TABLE_12.findIndex((p) => p.delta >= delta);
  const [a, b] = [PAPER_TABLE_12[above - 1]!, PAPER_TABLE_12[above]!];
  return `${scored} ${pointWords(a)}; at ${pointWords(b)}. This update lies between.`;
}

export const GRADE_LABEL: Readonly<Record<Grade, string>> = {
  good: "small update",
  fair: "middling update",
  poor: "large update",
};

export const GRADE_ANSWER: Readonly<Record<Grade, string>> = {
  good: "in the range where the paper's merges scored like trained models",
  fair: "in the range where the paper's merges fell short of trained models",
  poor: "merged scores are not to be trusted",
};

/** The page's answer for the set, from its largest update. */
export function verdictOf(deltas: readonly number[]): { readonly grade: Grade; readonly largest: number } {
  const largest = Math.max(0, ...deltas);
  return { grade: gradeOf(largest), largest };
}
