import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Runs a command in the repository root with inherited output; returns its exit status. */
export function run(command, args, env = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (done.error) console.error(`${command}: ${done.error.message}`);
  return done.status ?? 1;
}

/** Stops with one sentence where Node is too old. */
export function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) {
    console.error(`Node ${process.versions.node} is too old: install Node 20 or newer.`);
    process.exit(1);
  }
}

/** Installs the locked packages where they are missing or older than the lock file; no install scripts run. */
export function installPackages() {
  const marker = join(root, "node_modules", ".package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lock).mtimeMs) return;
  if (existsSync(marker) && sameLock(marker, lock)) return;
  console.log("Installing packages …");
  // Not "npm ci": the lock file may lack optional packages of other platforms, which ci takes for a mismatch.
  if (run("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]) !== 0) {
    console.error(
      "npm install failed: check the connection to the package registry, then run the command again.",
    );
    process.exit(1);
  }
}

/** A checkout gives the lock file a new time; what counts is what is installed. */
function sameLock(marker, lock) {
  try {
    const installed = JSON.parse(readFileSync(marker, "utf8")).packages;
    const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
    return Object.entries(wanted).every(
      ([path, entry]) =>
        path === "" || entry.optional || entry.peer || installed[path]?.version === entry.version,
    );
  } catch {
    return false;
  }
}
