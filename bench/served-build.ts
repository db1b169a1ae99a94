import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, preview } from "vite";

const PORT = 5331;

export interface Served {
  readonly url: string;
  /** Files asked for so far, in order, by page and workers alike; times are Unix milliseconds. */
  readonly requests: { file: string; at: number }[];
  /** Size of a built file, plain and gzipped; null where there is none. */
  sizes(file: string): { raw: number; gzip: number } | null;
  close(): Promise<void>;
}

/** Builds the workbench afresh (unless told not to) beside the ordinary build, and serves it as `npm start` does. */
export async function serveBuild(root: string, fresh: boolean, say: (line: string) => void): Promise<Served> {
  const outDir = join(root, ".work", "bench", "dist");
  if (fresh || !existsSync(join(outDir, "index.html"))) {
    say("building …");
    const items = spawnSync("npx", ["tsx", "zoo/items/build-items.ts"], { cwd: root, encoding: "utf8" });
    if (items.status !== 0) throw new Error(`The items could not be built: ${items.stderr.slice(-400)}`);
    await build({ root, logLevel: "error", build: { outDir, emptyOutDir: true } });
  }
  const server = await preview({
    root,
    logLevel: "error",
    build: { outDir },
    preview: { port: PORT, strictPort: true, host: "localhost" },
  });
  const requests: Served["requests"] = [];
  server.httpServer.prependListener("request", (request: { url?: string }) => {
    const path = (request.url ?? "/").split("?")[0]!;
    requests.push({ file: path === "/" ? "index.html" : decodeURIComponent(path.slice(1)), at: Date.now() });
  });
  const known = new Map<string, { raw: number; gzip: number }>();
  return {
    url: `http://localhost:${PORT}/`,
    requests,
    sizes: (file) => {
      const path = join(outDir, file);
      if (!known.has(file) && existsSync(path)) {
        const bytes = readFileSync(path);
        known.set(file, { raw: bytes.length, gzip: gzipSync(bytes).length });
      }
      return known.get(file) ?? null;
    },
    close: () => server.close(),
  };
}
