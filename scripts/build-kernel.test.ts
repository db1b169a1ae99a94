import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const scripts = dirname(fileURLToPath(import.meta.url));

it("the committed kernel is what its source gives", () => {
  const done = spawnSync("node", [join(scripts, "build-kernel.mjs"), "--check"], { encoding: "utf8" });
  expect(done.stderr).toBe("");
  expect(done.status).toBe(0);
});
