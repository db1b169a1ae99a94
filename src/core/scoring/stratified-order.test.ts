import { expect, it } from "vitest";
import { stratifiedOrder } from "./stratified-order";

const cost = [
  Array.from({ length: 200 }, (_, i) => 20 + (i % 7)),
  Array.from({ length: 64 }, () => 110),
  Array.from({ length: 5 }, () => 30),
];

it("is the same every time and holds every item once", () => {
  const order = stratifiedOrder(cost);
  expect(stratifiedOrder(cost)).toEqual(order);
  const all = order.slices.flat().map(({ task, item }) => `${task} ${item}`);
  expect(new Set(all).size).toBe(269);
  expect(order.items).toBe(269);
});

it("begins with a small slice of every task and keeps the tasks' shares alike", () => {
  const { slices } = stratifiedOrder(cost);
  const tokens = (slice: (typeof slices)[0]) =>
    slice.reduce((n, { task, item }) => n + cost[task]![item]!, 0);
  expect(tokens(slices[0]!)).toBeLessThan(1000);
  for (const task of [0, 1, 2])
    expect(slices[0]!.filter((o) => o.task === task).length).toBeGreaterThanOrEqual(2);
  const taken = [0, 0, 0];
  for (const slice of slices) {
    for (const { task } of slice) taken[task]!++;
    expect(Math.abs(taken[0]! / 200 - taken[1]! / 64)).toBeLessThan(0.04);
  }
});
