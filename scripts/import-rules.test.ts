import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

const biome = join(root, "node_modules/.bin/biome");
const project = mkdtempSync(join(tmpdir(), "import-rules-"));
copyFileSync(join(root, "biome.json"), join(project, "biome.json"));
afterAll(() => rmSync(project, { recursive: true }));

/** What Biome says, under the repository's configuration, of a file with this text at this path. */
function lint(path: string, text: string): string {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const done = spawnSync(biome, ["lint", "--vcs-enabled=false", path], { cwd: project, encoding: "utf8" });
  return `${done.stdout}${done.stderr}`;
}

const FORBIDDEN: readonly (readonly [string, string, string])[] = [
  ["src/core/merge/x.ts", 'import { useMixture } from "../../state/mixture-store";', "core imports nothing"],
  ["src/core/merge/x.ts", 'import { useState } from "react";', "core is pure"],
  ["src/core/merge/x.ts", 'import { readFileSync } from "node:fs";', "core is pure"],
  ["src/protocol/x.ts", 'import { createWorkerEngine } from "../engine/worker-bridge";', "protocol imports"],
  ["src/runtime/x.ts", 'import { replay } from "../engine/node/replay";', "runtime imports"],
  ["workers/x.ts", 'import { createWorkbench } from "../src/state/controller-context";', "workers import"],
  ["src/engine/x.ts", 'import { useMixture } from "../state/mixture-store";', "engine imports"],
  ["src/state/x.ts", 'import { TernaryPlot } from "../ui/TernaryPlot";', "state imports"],
  [
    "src/features/explore/x.ts",
    'import { SearchPage } from "../search/SearchPage";',
    "never imports a sibling",
  ],
  ["src/features/explore/x.ts", 'import { host } from "../../runtime/engine-host";', "features import"],
  ["src/ui/x.ts", 'import { useMixture } from "../state/mixture-store";', "ui imports"],
  ["src/state/x.ts", 'export const w = () => new Worker("x.js");', "Only engine starts workers"],
];

it.each(FORBIDDEN)("refuses in %s: %s", (path, text, message) => {
  const name = /import \{ (\w+)/.exec(text)?.[1];
  expect(lint(path, `${text}\n${name ? `export const used = ${name};\n` : ""}`)).toContain(message);
});

it("lets a room import what it may", () => {
  const text = 'import { uniform } from "../core/mixture/mixture";\n\nexport const centre = uniform(3);\n';
  expect(lint("src/state/x.ts", text)).not.toContain("noRestrictedImports");
});
