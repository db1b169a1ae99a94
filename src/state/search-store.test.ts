import { expect, it, vi } from "vitest";
import { LINEAR } from "../core/merge/merge-choice";
import { searchPlace } from "./search-store";

it("takes over a search that was kept before methods could be chosen", async () => {
  const items = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
  vi.stubGlobal("window", { localStorage });
  const plan = { seed: 3, rounds: [4, 2], candidates: 100, average: 5, view: "accuracy" };
  const old = { setHash: "abc", plan, phase: "finished", recommended: [0.5, 0.5] };
  items.set("demix-search", JSON.stringify({ state: old, version: 1 }));
  vi.resetModules();
  const { useSearch } = await import("./search-store");
  expect(useSearch.getState()).toMatchObject({
    place: searchPlace("abc", LINEAR),
    plan,
    phase: "finished",
    recommended: [0.5, 0.5],
    kept: {},
    points: [],
  });
  expect(searchPlace("abc", { name: "ties", parameters: {} })).not.toBe(searchPlace("abc", LINEAR));
  vi.unstubAllGlobals();
});
