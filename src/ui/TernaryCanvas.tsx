import { memo, useLayoutEffect, useRef } from "react";
import classes from "./TernaryPlot.module.css";
import type { TernaryFrame } from "./ternary-geometry";
import type { Uncertainty } from "./ternary-hatching";
import { type ColorRange, createHeatPainter, type HeatPainter } from "./ternary-heat";
import type { TernaryField } from "./ternary-lattice";
import { paintContours, paintHatching, paintPoints, type TernaryPoint } from "./ternary-paint";

export interface TernaryCanvasProps {
  readonly frame: TernaryFrame;
  readonly field: TernaryField | null;
  readonly range: ColorRange;
  readonly contours: boolean;
  readonly uncertainty: Uncertainty | null;
  readonly points: readonly TernaryPoint[];
  readonly contourLabel: (level: number, step: number) => string;
  /** True while something is dragged: what is dear and little seen is left out. */
  readonly quick?: boolean;
}

/** Everything of the plot that is painted: heat, hatching, contours, points; in the frame in which a property changes. */
export const TernaryCanvas = memo(function TernaryCanvas(props: TernaryCanvasProps) {
  const { frame, field, range, contours, uncertainty, points, contourLabel, quick = false } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const heat = useRef<HeatPainter | null>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || frame.side <= 0) return;
    const scale = window.devicePixelRatio || 1;
    const width = Math.round(frame.width * scale);
    const height = Math.round(frame.height * scale);
    if (element.width !== width || element.height !== height) {
      element.width = width;
      element.height = height;
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, frame.width, frame.height);
    if (field) {
      heat.current ??= createHeatPainter();
      heat.current(context, frame, field, range);
      if (uncertainty) paintHatching(context, frame, uncertainty, scale);
      if (contours) paintContours(context, frame, field, range, contourLabel, quick);
    }
    const style = getComputedStyle(element);
    paintPoints(context, frame, points, {
      recommended: style.getPropertyValue("--recommended-mark") || "#ffb870",
      best: style.getPropertyValue("--best-mark") || "#ffb870",
    });
  }, [frame, field, range, contours, uncertainty, points, contourLabel, quick]);
  return <canvas ref={canvas} className={classes.canvas} />;
});
