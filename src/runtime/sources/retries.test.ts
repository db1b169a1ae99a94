import fc from "fast-check";
import { expect, it } from "vitest";
import { SourceError } from "../../core/checkpoint/byte-source";
import { PATIENT, Passing, pause, retryAfter, waitAfter, withRetries } from "./retries";

const policy = { ...PATIENT, firstWait: 1, longestWait: 4, tries: 3 };
const passing = () => new Passing({ kind: "network", message: "it failed.", remedy: "Wait." });

it("waits about twice as long after each failure, up to a limit, and never less than the server asks", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7].map((n) => waitAfter({ ...PATIENT, random: () => 1 }, n, null));
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000]);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.nat(1e6),
      (n, r, asked) => {
        const wait = waitAfter({ ...PATIENT, random: () => r }, n, null);
        const full = Math.min(20_000, 500 * 2 ** (n - 1));
        expect(wait).toBeGreaterThanOrEqual(full / 2);
        expect(wait).toBeLessThanOrEqual(full);
        expect(waitAfter({ ...PATIENT, random: () => r }, n, asked)).toBe(Math.max(asked, wait));
      },
    ),
    { seed: 4 },
  );
});

it("reads Retry-After as seconds or a date", () => {
  const now = Date.parse("2024-01-01T00:00:00Z");
  const of = (value: string) => retryAfter(new Headers({ "retry-after": value }), now);
  expect(of("120")).toBe(120_000);
  expect(of("Mon, 01 Jan 2024 00:01:30 GMT")).toBe(90_000);
  expect(of("Sun, 31 Dec 2023 00:00:00 GMT")).toBe(0);
  expect([of("soon"), of("-"), of(""), retryAfter(new Headers())]).toEqual([null, null, null, null]);
});

it("counts failures without progress only, and tries lasting failures once", async () => {
  let at = 0;
  const done = await withRetries(
    policy,
    undefined,
    async () => (++at < 10 ? Promise.reject(passing()) : at),
    () => at,
  );
  expect(done).toBe(10);
  let tries = 0;
  const gaveUp = withRetries(policy, undefined, async () => {
    tries++;
    throw passing();
  });
  const said = await gaveUp.catch((error: unknown) => error);
  expect(said).toBeInstanceOf(SourceError);
  expect((said as SourceError).problem).toEqual({
    kind: "network",
    message: "it failed, tried 3 times.",
    remedy: "Wait.",
  });
  expect(tries).toBe(3);
  await expect(
    withRetries(policy, undefined, async () => Promise.reject(new Error("lasting"))),
  ).rejects.toThrow("lasting");
});

it("stops waiting when it is told to", async () => {
  const controller = new AbortController();
  const waiting = pause(60_000, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  await expect(pause(1, controller.signal)).rejects.toThrow("enough");
  await expect(withRetries(policy, controller.signal, async () => 1)).rejects.toThrow("enough");
});
