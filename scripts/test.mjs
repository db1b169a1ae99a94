import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureChromium } from "./chromium.mjs";
import { installPackages, requireNode, root, run } from "./prepare.mjs";

/** npm test: installs what is missing, then types, lint and import rules, unit tests, build, browser tests. */
requireNode();
installPackages();
const chromium = ensureChromium();
if (!chromium) {
  console.error(
    "No Chromium: install the package chromium or Google Chrome, or set CHROMIUM to its path, and run npm test again.",
  );
  process.exit(1);
}
const reports = join(root, "test-results");
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const unitReport = join(reports, "unit.json");
const browserReport = join(reports, "browser.json");

const steps = [
  ["items", "npx", ["tsx", "zoo/items/build-items.ts"]],
  ["types", "npx", ["tsc", "-b"]],
  ["lint and import rules", "npx", ["biome", "check", "."]],
  [
    "unit",
    "npx",
    ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${unitReport}`],
  ],
  ["build", "npx", ["vite", "build", "--logLevel", "warn"]],
  ["browser", "npx", ["playwright", "test"], { CHROMIUM: chromium, BROWSER_REPORT: browserReport }],
];
const failed = [];
for (const [name, command, args, env] of steps) {
  const start = Date.now();
  console.log(`\n— ${name}`);
  const status = run(command, args, env);
  console.log(
    `— ${name}: ${status === 0 ? "passed" : "FAILED"} in ${((Date.now() - start) / 1000).toFixed(0)} s`,
  );
  if (status !== 0) {
    failed.push(name);
    if (name === "items") break;
  }
}

const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null);
const unit = read(unitReport);
const browser = read(browserReport)?.stats;
const passed = (unit?.numPassedTests ?? 0) + (browser?.expected ?? 0) + (browser?.flaky ?? 0);
const wrong = (unit?.numFailedTests ?? 0) + (browser?.unexpected ?? 0);
const skipped = (unit?.numPendingTests ?? 0) + (browser?.skipped ?? 0);
if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}.`);
console.log(`\n${passed} passed, ${Math.max(wrong, failed.length)} failed, ${skipped} skipped`);
process.exit(failed.length === 0 && passed > 0 ? 0 : 1);
