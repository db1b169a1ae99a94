import { useEffect, useState } from "react";
import type { Box } from "./place-card";

/** Pages load and panels move: the anchor is looked up again this often, in milliseconds. */
const LOOK_MS = 250;

const same = (a: Box | null, b: Box | null) =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.left === b.left &&
    a.top === b.top &&
    a.width === b.width &&
    a.height === b.height);

function boxOf(anchor: string | null): Box | null {
  const element = anchor ? document.querySelector(`[data-tour="${anchor}"]`) : null;
  if (!element) return null;
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return null;
  if (top > innerHeight || left > innerWidth || top + height < 0) return null;
  const x = Math.max(0, left);
  const y = Math.max(0, top);
  return {
    left: x,
    top: y,
    width: Math.min(innerWidth, left + width) - x,
    height: Math.min(innerHeight, top + height) - y,
  };
}

/** Scrolls the anchor into view; false while it is not on the page. */
function show(anchor: string | null): boolean {
  const element = anchor ? document.querySelector(`[data-tour="${anchor}"]`) : null;
  element?.scrollIntoView({ block: "nearest" });
  return element !== null;
}

/** The anchor's place on the screen, followed while it moves; null while it is not on the page. */
export function useAnchor(anchor: string | null): Box | null {
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    let found = false;
    const look = () => {
      if (!found) found = show(anchor);
      const next = boxOf(anchor);
      setBox((old) => (same(old, next) ? old : next));
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    addEventListener("resize", look);
    addEventListener("scroll", look, true);
    return () => {
      clearInterval(timer);
      removeEventListener("resize", look);
      removeEventListener("scroll", look, true);
    };
  }, [anchor]);
  return box;
}
