import { describe, expect, it } from "vitest";
import { placeCard } from "./place-card";

const window = { width: 1280, height: 720 };
const card = { width: 320, height: 200 };

describe("place of the tour's card", () => {
  it("stands right of an anchor with room", () => {
    expect(placeCard({ left: 80, top: 120, width: 280, height: 400 }, card, window)).toEqual({
      left: 374,
      top: 128,
    });
  });
  it("stands left of an anchor at the right edge", () => {
    expect(placeCard({ left: 900, top: 120, width: 370, height: 500 }, card, window).left).toBe(566);
  });
  it("stands above a strip at the foot", () => {
    const { top } = placeCard({ left: 68, top: 640, width: 1212, height: 80 }, card, window);
    expect(top + card.height).toBeLessThanOrEqual(640);
  });
  it("keeps out of the way at the foot", () => {
    expect(placeCard("foot", card, window)).toEqual({ left: 950, top: 426 });
  });
  it("never leaves the window", () => {
    const { left, top } = placeCard({ left: 0, top: 0, width: 1280, height: 720 }, card, window);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(left + card.width).toBeLessThanOrEqual(1280);
    expect(top + card.height).toBeLessThanOrEqual(720);
  });
});
