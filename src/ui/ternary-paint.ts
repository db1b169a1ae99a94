import type { Barycentric } from "../core/mixture/slice";
import { type Contour, contourLevels, contours } from "./ternary-contours";
import { markScale, type TernaryFrame, toXy, type Xy } from "./ternary-geometry";
import { hatchedPolygons, type Uncertainty } from "./ternary-hatching";
import type { ColorRange } from "./ternary-heat";
import type { TernaryField } from "./ternary-lattice";

export interface TernaryPoint {
  readonly id: string;
  readonly kind: "measured" | "reference" | "recommended" | "best";
  readonly at: Barycentric;
  /** From the plane of the slice, in [0, 1]: far points fade. */
  readonly distance: number;
}

const DARK = "#101418";
const LEVELS = 6;
const LABEL_GAP = 46;

/** 1 on the slice, ½ at a distance of 0.12, never quite invisible. */
export const fade = (distance: number): number => Math.max(0.1, 1 / (1 + (distance / 0.12) ** 2));

const latticeXy = (frame: TernaryFrame, steps: number, a: number, b: number): Xy =>
  toXy(frame, [a / steps, b / steps, 1 - (a + b) / steps]);

/**
 * Contour lines with their values, each value where it stands clear of the edges and of the other values. `quick` leaves
 * out the values' outlines, the dearest thing to paint: for the frames of a drag.
 */
export function paintContours(
  context: CanvasRenderingContext2D,
  frame: TernaryFrame,
  field: TernaryField,
  range: ColorRange,
  label: (level: number, step: number) => string,
  quick = false,
): void {
  const levels = contourLevels(field.values, LEVELS);
  const step = levels.length > 1 ? levels[1]! - levels[0]! : 0.01;
  const placed: Xy[] = [];
  context.save();
  const grow = markScale(frame);
  context.lineWidth = grow;
  context.font = `600 ${10 * grow}px Inter, ui-sans-serif, system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const labels: { text: string; at: Xy; light: boolean }[] = [];
  for (const contour of contours(field, levels)) {
    const light = (contour.level - range.low) / (range.high - range.low) < 0.62;
    context.strokeStyle = light ? "rgba(255,255,255,0.55)" : "rgba(16,20,24,0.45)";
    context.beginPath();
    for (let k = 0; k < contour.pieces.length; k += 4) {
      const { pieces } = contour;
      context.moveTo(...latticeXy(frame, field.steps, pieces[k]!, pieces[k + 1]!));
      context.lineTo(...latticeXy(frame, field.steps, pieces[k + 2]!, pieces[k + 3]!));
    }
    context.stroke();
    const at = labelPlace(frame, field.steps, contour, placed);
    if (at) {
      placed.push(at);
      labels.push({ text: label(contour.level, step), at, light });
    }
  }
  for (const { text, at, light } of labels) {
    context.lineWidth = 3 * grow;
    context.strokeStyle = light ? "rgba(16,20,24,0.6)" : "rgba(255,255,255,0.7)";
    context.fillStyle = light ? "#ffffff" : DARK;
    if (!quick) context.strokeText(text, ...at);
    context.fillText(text, ...at);
  }
  context.restore();
}

/** The middle of the contour's piece that is farthest from what is placed and from the triangle's edges; null for none. */
function labelPlace(frame: TernaryFrame, steps: number, contour: Contour, placed: readonly Xy[]): Xy | null {
  let best: Xy | null = null;
  let room = 0;
  const { pieces } = contour;
  for (let k = 0; k < pieces.length; k += 4) {
    const a = (pieces[k]! + pieces[k + 2]!) / 2;
    const b = (pieces[k + 1]! + pieces[k + 3]!) / 2;
    const edge = (Math.min(a, b, steps - a - b) / steps) * frame.side;
    if (edge < 12 * markScale(frame)) continue;
    const at = latticeXy(frame, steps, a, b);
    const others = placed.reduce((m, q) => Math.min(m, Math.hypot(q[0] - at[0], q[1] - at[1])), 1e4);
    const clear = Math.min(others, edge * 2);
    if (others >= LABEL_GAP * markScale(frame) && clear > room) {
      best = at;
      room = clear;
    }
  }
  return best;
}

let hatch: { readonly scale: number; readonly tile: HTMLCanvasElement } | null = null;

function hatchTile(scale: number): HTMLCanvasElement {
  if (hatch?.scale === scale) return hatch.tile;
  const size = 9;
  const tile = document.createElement("canvas");
  tile.width = tile.height = Math.round(size * scale);
  const context = tile.getContext("2d");
  if (context) {
    context.scale(tile.width / size, tile.height / size);
    for (const [offset, color] of [
      [0.9, "rgba(16,20,24,0.3)"],
      [0, "rgba(255,255,255,0.55)"],
    ] as const) {
      context.strokeStyle = color;
      context.lineWidth = 0.9;
      context.beginPath();
      for (const x of [-size, 0, size]) {
        context.moveTo(x - 1 + offset, size + 1);
        context.lineTo(x + size + 1 + offset, -1);
      }
      context.stroke();
    }
  }
  hatch = { scale, tile };
  return tile;
}

/** Hatches the region where the prediction says little (ternary-hatching.ts has the rule). */
export function paintHatching(
  context: CanvasRenderingContext2D,
  frame: TernaryFrame,
  uncertainty: Uncertainty,
  scale: number,
): void {
  const polygons = hatchedPolygons(uncertainty);
  const pattern = polygons.length > 0 ? context.createPattern(hatchTile(scale), "repeat") : null;
  if (!pattern) return;
  pattern.setTransform(new DOMMatrix().scale(1 / scale));
  context.save();
  context.beginPath();
  for (const polygon of polygons) {
    for (let k = 0; k < polygon.length; k += 2) {
      const at = latticeXy(frame, uncertainty.steps, polygon[k]!, polygon[k + 1]!);
      if (k === 0) context.moveTo(...at);
      else context.lineTo(...at);
    }
    context.closePath();
  }
  context.fillStyle = pattern;
  context.fill("nonzero");
  context.restore();
}

/** Circles for measured mixtures, diamonds for really trained ones, larger marks for the recommended and the best. */
export function paintPoints(
  context: CanvasRenderingContext2D,
  frame: TernaryFrame,
  points: readonly TernaryPoint[],
  accents: { readonly recommended: string; readonly best: string },
): void {
  const grow = markScale(frame);
  context.save();
  for (const point of points) {
    const [x, y] = toXy(frame, point.at);
    const special = point.kind === "recommended" || point.kind === "best";
    const strength = fade(point.distance);
    context.globalAlpha = special ? Math.max(0.8, strength) : strength;
    context.beginPath();
    if (point.kind === "measured") context.arc(x, y, grow * (2.2 + 0.9 * strength), 0, 2 * Math.PI);
    else if (point.kind === "best") context.arc(x, y, 5 * grow, 0, 2 * Math.PI);
    else diamond(context, x, y, grow * (special ? 6.5 : 4.6));
    if (point.kind === "measured" || point.kind === "recommended") {
      context.fillStyle = special ? accents.recommended : "#ffffff";
      context.fill();
      context.lineWidth = grow * (special ? 1.6 : 1);
      context.strokeStyle = DARK;
      context.stroke();
    } else {
      context.lineWidth = grow * (special ? 4 : 2.6);
      context.strokeStyle = DARK;
      context.stroke();
      context.lineWidth = grow * (special ? 2.4 : 1.3);
      context.strokeStyle = special ? accents.best : "#ffffff";
      context.stroke();
    }
  }
  context.restore();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.moveTo(x, y - r);
  context.lineTo(x + r, y);
  context.lineTo(x, y + r);
  context.lineTo(x - r, y);
  context.closePath();
}
