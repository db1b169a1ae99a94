import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./prepare.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const PLACES = [
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** Path of a Chromium or Chrome, or null. $CHROMIUM comes first. */
export function findChromium() {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((dir) => NAMES.map((name) => join(dir, name)));
  return (
    [process.env.CHROMIUM, ...onPath, ...PLACES].find((path) => path && existsSync(path)) ??
    (bundled() || null)
  );
}

function bundled() {
  const script = "import('@playwright/test').then((p) => console.log(p.chromium.executablePath()))";
  const path = spawnSync("node", ["-e", script], { encoding: "utf8" }).stdout?.trim();
  return path && existsSync(path) ? path : "";
}

/** Finds a Chromium, or installs one: Debian's package as root, else Playwright's own build. */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  console.log("No Chromium found; installing one …");
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      DEBIAN_FRONTEND: "noninteractive",
    });
  } else {
    run("npx", ["playwright", "install", "chromium"]);
  }
  return findChromium();
}
