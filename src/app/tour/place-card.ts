export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 14;
const EDGE = 10;
/** Room left for the journal strip. */
const STRIP = 84;

const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), Math.max(low, high));

/**
 * Where a card stands beside its anchor: right, left, below or above, whichever has room; else at the edge that
 * covers least of it. In the middle without an anchor, at the window's foot when it is asked to keep out of the way.
 */
export function placeCard(
  anchor: Box | "foot" | null,
  card: Size,
  window: Size,
): { left: number; top: number } {
  const right = window.width - card.width - EDGE;
  const bottom = window.height - card.height - EDGE;
  if (anchor === "foot") return { left: right, top: clamp(bottom - STRIP, EDGE, bottom) };
  if (!anchor) return { left: clamp(right / 2, EDGE, right), top: clamp(bottom / 2.4, EDGE, bottom) };
  const top = clamp(anchor.top + 8, EDGE, bottom);
  const left = clamp(anchor.left + anchor.width / 2 - card.width / 2, EDGE, right);
  const spots = [
    { left: anchor.left + anchor.width + GAP, top },
    { left: anchor.left - card.width - GAP, top },
    { left, top: anchor.top - card.height - GAP },
    { left, top: anchor.top + anchor.height + GAP },
  ];
  const fits = (s: { left: number; top: number }) =>
    s.left >= EDGE && s.left <= right && s.top >= EDGE && s.top <= bottom;
  const fitting = spots.find(fits);
  if (fitting) return fitting;
  const covered = (s: { left: number; top: number }) => {
    const w = Math.min(s.left + card.width, anchor.left + anchor.width) - Math.max(s.left, anchor.left);
    const h = Math.min(s.top + card.height, anchor.top + anchor.height) - Math.max(s.top, anchor.top);
    return Math.max(0, w) * Math.max(0, h);
  };
  const forced = spots.map((s) => ({ left: clamp(s.left, EDGE, right), top: clamp(s.top, EDGE, bottom) }));
  return forced.reduce((best, s) => (covered(s) < covered(best) ? s : best));
}
