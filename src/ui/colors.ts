import { interpolateViridis } from "d3-scale-chromatic";

/** Paul Tol's bright scheme (colour-blind safe), then his muted one: one fixed hue a component, in set order. */
const HUES = [
  "#4477AA",
  "#228833",
  "#CCBB44",
  "#AA3377",
  "#66CCEE",
  "#EE6677",
  "#332288",
  "#88CCEE",
  "#44AA99",
  "#117733",
  "#999933",
  "#DDCC77",
  "#CC6677",
  "#882255",
  "#AA4499",
] as const;

export const componentColor = (i: number): string => HUES[i % HUES.length]!;

/** Text colour that stands on a component's hue with a contrast of at least 4.5. */
export function textOn(color: string): string {
  const [r, g, b] = [1, 3, 5].map((k) => {
    const c = Number.parseInt(color.slice(k, k + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) >= 4.5 ? "#ffffff" : "#101418";
}

/** Sequential perceptual map for scores, t in [0, 1]; clamps. */
export const scoreColor = (t: number): string => interpolateViridis(Math.min(1, Math.max(0, t)));
