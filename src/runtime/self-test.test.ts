import { expect, it } from "vitest";
import { openBackend } from "./backend";
import { expectedLogProbs, selfTest } from "./self-test";
import { startBackend } from "./start-backend";
import { testPlatform } from "./test-platform.fixture";

const corrupted = () =>
  expectedLogProbs().map((values, i) => (i === 2 ? values.map((v) => v + 1e-3) : values));

it("passes with WASM and fails on a corrupted expectation", async () => {
  const backend = await openBackend(testPlatform(), "wasm");
  if (typeof backend === "string") throw new Error(backend);
  const good = await selfTest(backend, expectedLogProbs());
  expect(good.passed).toBe(true);
  expect(good.largestError).toBeLessThan(2e-5);
  const bad = await selfTest(backend, corrupted());
  expect(bad.passed).toBe(false);
  expect(bad.largestError).toBeGreaterThan(9e-4);
});

it("says of every backend why it is not used", async () => {
  const started = await startBackend(testPlatform(), { backend: "auto" });
  if (!started.ok) throw new Error(started.problem.message);
  expect(started.value.info.kind).toBe("wasm");
  expect(started.value.info.reason).toContain("WebGPU is not used because");
  expect(started.value.info.reason).toContain("cross-origin isolated");
  const none = await startBackend(testPlatform(), { backend: "auto" }, [], corrupted());
  expect(none.ok).toBe(false);
  if (!none.ok) expect(none.problem.message).toContain("failed the self-test");
});
