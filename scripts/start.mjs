import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { installPackages, requireNode, root, run } from "./prepare.mjs";

/** npm start: installs what is missing, builds where the build is older than the sources, serves, prints the address. */
requireNode();
installPackages();
if (run("npx", ["tsx", "zoo/items/build-items.ts"]) !== 0) process.exit(1);
const built = join(root, "dist", "index.html");
if (
  !existsSync(built) ||
  newest(["src", "workers", "public", "index.html", "vite.config.ts", "package-lock.json"]) >
    statSync(built).mtimeMs
) {
  if (run("node", ["scripts/build-kernel.mjs"]) !== 0) process.exit(1);
  if (run("npx", ["vite", "build", "--logLevel", "warn"]) !== 0) process.exit(1);
}
const { preview } = await import("vite");
const server = await preview({
  root,
  preview: { port: Number(process.env.PORT ?? 4173), host: process.env.HOST ?? "localhost" },
});
console.log("\nDeMix Workbench on the demo component set:");
server.printUrls();
console.log("Ctrl+C stops it.");

function newest(paths) {
  let time = 0;
  for (const path of paths) {
    const full = join(root, path);
    const stat = statSync(full);
    time = Math.max(
      time,
      stat.isDirectory() ? newest(readdirSync(full).map((name) => join(path, name))) : stat.mtimeMs,
    );
  }
  return time;
}
