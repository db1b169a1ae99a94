import { scoreColor } from "./colors";
import type { TernaryFrame } from "./ternary-geometry";
import { latticeWeights, type TernaryField } from "./ternary-lattice";

/** Scores at the ends of the colour map. */
export interface ColorRange {
  readonly low: number;
  readonly high: number;
  /** True when lower scores exist and share the darkest colour. */
  readonly open?: boolean;
}

const COLORS = 256;
let table: Uint32Array | null = null;

/** The score map as packed ABGR, what a little-endian ImageData holds. */
function colorTable(): Uint32Array {
  table ??= Uint32Array.from({ length: COLORS }, (_, k) => {
    const rgb = Number.parseInt(scoreColor(k / (COLORS - 1)).slice(1), 16);
    return ((255 << 24) | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
  });
  return table;
}

/** Largest width of the image that is coloured pixel by pixel; the canvas scales it up and clips it sharply. */
const MAX_PIXELS = 220;

interface Raster {
  readonly steps: number;
  readonly width: number;
  readonly height: number;
  readonly index: Int32Array;
  readonly weight: Float32Array;
  readonly image: ImageData;
  readonly canvas: HTMLCanvasElement;
}

function makeRaster(steps: number, width: number): Raster {
  const height = Math.max(2, Math.round((width * Math.sqrt(3)) / 2));
  const index = new Int32Array(width * height * 3);
  const weight = new Float32Array(width * height * 3);
  // One point for all pixels: this runs tens of thousands of times before the first surface stands.
  const p: [number, number, number] = [0, 0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    const top = 1 - (y + 0.5) / height;
    for (let x = 0; x < width; x++, at += 3) {
      // Pixels outside take the nearest edge's colour, so that scaling mixes nothing foreign into the edge.
      const right = Math.min(1 - top, Math.max(0, (x + 0.5) / width - top / 2));
      p[0] = top;
      p[1] = 1 - top - right;
      p[2] = right;
      latticeWeights(steps, p, index, weight, at);
    }
  }
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return { steps, width, height, index, weight, image: new ImageData(width, height), canvas };
}

/** Paints fields into triangles; keeps the interpolation weights of the last lattice and size. */
export function createHeatPainter() {
  let raster: Raster | null = null;
  return (
    context: CanvasRenderingContext2D,
    frame: TernaryFrame,
    field: TernaryField,
    range: ColorRange,
  ): void => {
    const width = Math.max(16, Math.min(MAX_PIXELS, Math.round(frame.side)));
    if (raster?.steps !== field.steps || raster.width !== width) raster = makeRaster(field.steps, width);
    const { index, weight, image, canvas, height } = raster;
    const colors = colorTable();
    const scale = (COLORS - 1) / Math.max(range.high - range.low, 1e-12);
    const shades = new Float32Array(field.values.length);
    for (let k = 0; k < shades.length; k++) shades[k] = (field.values[k]! - range.low) * scale;
    const pixels = new Uint32Array(image.data.buffer);
    for (let k = 0, at = 0; k < pixels.length; k++, at += 3) {
      const shade =
        shades[index[at]!]! * weight[at]! +
        shades[index[at + 1]!]! * weight[at + 1]! +
        shades[index[at + 2]!]! * weight[at + 2]!;
      pixels[k] = colors[shade <= 0 ? 0 : shade >= COLORS - 1 ? COLORS - 1 : Math.round(shade)]!;
    }
    canvas.getContext("2d")?.putImageData(image, 0, 0);
    const [top, left, right] = frame.corners;
    context.save();
    context.beginPath();
    context.moveTo(...top);
    context.lineTo(...left);
    context.lineTo(...right);
    context.closePath();
    context.clip();
    context.imageSmoothingEnabled = true;
    context.drawImage(canvas, 0, 0, width, height, left[0], top[1], frame.side, left[1] - top[1]);
    context.restore();
  };
}

export type HeatPainter = ReturnType<typeof createHeatPainter>;
