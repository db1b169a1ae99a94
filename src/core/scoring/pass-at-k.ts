/**
 * The chance that at least one of `k` of a problem's `n` generated programs is correct, given that `correct` of them are:
 * 1 − C(n − c, k) / C(n, k), the unbiased estimator of Chen et al. 2021 (HumanEval), equation 1, as a product that never
 * overflows. NaN where there are fewer programs than k, for nothing can be said then.
 */
export function passAtK(n: number, correct: number, k: number): number {
  if (n < k) return Number.NaN;
  if (n - correct < k) return 1;
  let allWrong = 1;
  for (let i = n - correct + 1; i <= n; i++) allWrong *= 1 - k / i;
  return 1 - allWrong;
}

/** pass@k of a task: the mean over its problems, each given as the verdicts of its programs. NaN without problems. */
export function meanPassAtK(problems: readonly (readonly boolean[])[], k: number): number {
  let sum = 0;
  for (const passed of problems) sum += passAtK(passed.length, passed.filter(Boolean).length, k);
  return sum / problems.length;
}
