import { expect, test } from "vitest";
import { toMixture, withShare } from "../../core/mixture/mixture";
import { sampleMixtures } from "../../core/mixture/sampler";
import { fitGp, predict } from "../../core/predict/gaussian-process";
import { scoreColor } from "../../ui/colors";
import { scents } from "./scents";

const rows = sampleMixtures({ components: 3, count: 20, seed: 4, kind: "uniform" }).map((alpha) => ({
  alpha,
  values: { macro: { value: 0.4 + 0.2 * Math.sqrt(alpha[0]!) - 0.1 * alpha[2]!, se: 0 } },
}));

test("a track has the predicted score's colour at every share, the others giving way", () => {
  const fitted = fitGp(rows, "macro", 1);
  if (!fitted.ok) throw new Error(fitted.problem.message);
  const model = fitted.value;
  const alpha = toMixture([0.5, 0.25, 0.25]);
  const range = { low: 0.35, high: 0.6 };
  const locked = [false, true, false];
  const tracks = scents(model, alpha, locked, range);
  expect(tracks).toHaveLength(3);
  const colour = (mixture: readonly number[]) =>
    scoreColor((predict(model, mixture).mean - range.low) / (range.high - range.low));
  tracks.forEach((track, i) => {
    const stops = track.slice("linear-gradient(to right, ".length, -1).split("), ");
    expect(stops).toHaveLength(21);
    [0, 10, 20].forEach((s) => {
      expect(stops[s]!.startsWith(colour(withShare(alpha, i, s / 20, locked)))).toBe(true);
    });
  });
});
