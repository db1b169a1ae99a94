import { describe, expect, it } from "vitest";
import { fail, ok } from "../../core/result";
import { prefetched } from "./prefetched";

const later = () => new Promise((resolve) => setTimeout(resolve, 1));

describe("steps", () => {
  it("are used in turn while the next one is loaded into the other place", async () => {
    const seen: string[] = [];
    const done = await prefetched(
      4,
      async (step, place) => {
        seen.push(`load ${step} into ${place}`);
        await later();
        return ok(null);
      },
      async (step, place) => {
        seen.push(`use ${step} in ${place}`);
        await later();
        return ok(null);
      },
    );
    expect(done.ok).toBe(true);
    expect(seen).toEqual([
      "load 0 into 0",
      "load 1 into 1",
      "use 0 in 0",
      "load 2 into 0",
      "use 1 in 1",
      "load 3 into 1",
      "use 2 in 0",
      "use 3 in 1",
    ]);
  });

  it("end with the first failure, and only when nothing is being loaded", async () => {
    let loading = 0;
    const load = async (step: number) => {
      loading++;
      await later();
      loading--;
      return step === 3 ? fail("network", "gone") : ok(null);
    };
    const failed = await prefetched(6, load, async (step) =>
      step === 1 ? fail("backend", "broken") : ok(null),
    );
    expect(failed.ok ? "" : failed.problem.message).toBe("broken");
    expect(loading).toBe(0);
    const lost = await prefetched(6, load, async () => ok(null));
    expect(lost.ok ? "" : lost.problem.message).toBe("gone");
    await expect(
      prefetched(3, load, async () => {
        throw new Error("a bug");
      }),
    ).rejects.toThrow("a bug");
    expect(loading).toBe(0);
  });
});
