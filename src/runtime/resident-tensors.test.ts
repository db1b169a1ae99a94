import { expect, it } from "vitest";
import { openCheckpoint } from "../core/checkpoint/sharded";
import { tinyFiles, tinyFolder, tinyTensors } from "../core/checkpoint/tiny-checkpoint";
import { fail } from "../core/result";
import { ByteBudget, residentCheckpoint } from "./resident-tensors";

const NAME = "model.embed_tokens.weight";

async function counted(limit: number) {
  const opened = await openCheckpoint(tinyFolder("tiny", tinyFiles(tinyTensors(1))));
  if (!opened.ok) throw new Error(opened.problem.message);
  const asked: (string | undefined)[] = [];
  let broken = false;
  const budget = new ByteBudget(limit);
  const resident = residentCheckpoint(
    {
      ...opened.value,
      values: async (name, range, signal) => {
        asked.push(range && `${range.from}-${range.to}`);
        return broken ? fail("network", "cut.") : opened.value.values(name, range, signal);
      },
    },
    budget,
  );
  return { resident, plain: opened.value, asked, budget, cut: (on: boolean) => (broken = on) };
}

it("reads a tensor once, whichever parts are asked for", async () => {
  const { resident, plain, asked, budget } = await counted(1e6);
  const ranges = [{ from: 0, to: 8 }, { from: 8, to: 20 }, undefined];
  const read = await Promise.all(ranges.map((range) => resident.values(NAME, range)));
  for (const [i, range] of ranges.entries()) expect(read[i]).toEqual(await plain.values(NAME, range));
  expect(asked).toEqual([undefined]);
  expect(budget.used).toBe(10 * 8 * 4);
});

it("reads range by range beyond its budget", async () => {
  const { resident, plain, asked, budget } = await counted(100);
  const range = { from: 8, to: 20 };
  expect(await resident.values(NAME, range)).toEqual(await plain.values(NAME, range));
  expect(asked).toEqual(["8-20"]);
  expect(budget.used).toBe(0);
});

it("keeps no failure", async () => {
  const { resident, plain, budget, cut } = await counted(1e6);
  cut(true);
  expect((await resident.values(NAME)).ok).toBe(false);
  expect(budget.used).toBe(0);
  cut(false);
  expect(await resident.values(NAME)).toEqual(await plain.values(NAME));
  expect(budget.used).toBe(320);
});
