import { beforeEach, describe, expect, it } from "vitest";
import { useMixture } from "./mixture-store";

const store = () => useMixture.getState();
const sum = () => Math.round(store().alpha.reduce((a, b) => a + b, 0) * 1e9) / 1e9;

describe("mixture store", () => {
  beforeEach(() => store().reset(4));

  it("keeps the sum at 1 and locked shares where they are", () => {
    store().toggleLock(2);
    store().setShare(0, 0.6);
    expect(store().alpha).toEqual([0.6, 0.075, 0.25, 0.075]);
    store().setShare(0, 0.99);
    expect(store().alpha[0]).toBe(0.75);
    expect(store().alpha[2]).toBe(0.25);
    expect(sum()).toBe(1);
  });

  it("takes a drag as one step of undo", () => {
    store().begin();
    for (const share of [0.3, 0.4, 0.5]) store().setShare(1, share);
    store().end();
    expect(store().past).toHaveLength(1);
    store().undo();
    expect(store().alpha).toEqual([0.25, 0.25, 0.25, 0.25]);
    store().redo();
    expect(store().alpha[1]).toBe(0.5);
  });

  it("forgets the redo steps after a new change, and makes no step of a drag that ends where it began", () => {
    store().setShare(0, 0.5);
    store().undo();
    store().begin();
    store().setShare(0, 0.9);
    store().setAlpha([1, 1, 1, 1]);
    store().end();
    expect(store().past).toHaveLength(0);
    expect(store().future).toHaveLength(1);
    store().setShare(3, 0.4);
    expect(store().future).toHaveLength(0);
  });

  it("undoes a change of the merge method like one of the mixture, and both together as one step", () => {
    const ties = (density: number) => ({ name: "ties", parameters: { density } });
    store().setMethod(ties(0.5));
    store().setCursor([1, 0, 0, 0], ties(0.2));
    expect(store().past).toHaveLength(2);
    // The same method written out is no change.
    store().setMethod({ name: "ties", parameters: { density: 0.2, lambda: 1 } });
    expect(store().past).toHaveLength(2);
    store().undo();
    expect(store()).toMatchObject({ alpha: [0.25, 0.25, 0.25, 0.25], method: ties(0.5) });
    store().undo();
    expect(store().method.name).toBe("linear");
    store().begin();
    for (const density of [0.9, 0.8, 0.7]) store().setMethod(ties(density));
    store().end();
    expect(store().past).toHaveLength(1);
    store().reset(4);
    expect(store()).toMatchObject({ method: { name: "linear" }, past: [] });
  });
});
