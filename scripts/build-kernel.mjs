import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { root } from "./prepare.mjs";

/**
 * npm run kernel: compiles src/core/kernel/assembly to WebAssembly, once for every engine with SIMD and once with relaxed
 * SIMD, into src/core/kernel/kernel-binary.ts. With --check it writes nothing and exits with 1 where that file differs.
 */
const FOLDER = join("src", "core", "kernel");
const ENTRY = join(FOLDER, "assembly", "index.ts");
/** Of the module's memory, in pages of 64 KiB; `kernel-memory.ts` divides it up. */
const PAGES = 256;
const FLAGS = ["-O3", "--noAssert", "--runtime", "stub", "--initialMemory", `${PAGES}`, "--enable", "simd"];

async function compile(...features) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    [ENTRY, ...FLAGS, ...features.flatMap((f) => ["--enable", f]), "--outFile", "kernel.wasm"],
    { baseDir: root, writeFile: (name, content) => void files.set(name, content) },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return Buffer.from(files.get("kernel.wasm")).toString("base64");
}

const text = `// Generated from assembly/ by \`npm run kernel\`: do not edit.

/** Base64 of the WebAssembly module that needs SIMD. */
export const SIMD_BINARY =
  "${await compile()}";

/** The same with relaxed SIMD's multiply-add. */
export const RELAXED_BINARY =
  "${await compile("relaxed-simd")}";
`;

const path = join(root, FOLDER, "kernel-binary.ts");
const isCurrent = existsSync(path) && readFileSync(path, "utf8") === text;
if (!isCurrent && process.argv.includes("--check")) {
  console.error(`${path} is not what its source gives: run npm run kernel.`);
  process.exit(1);
}
if (!isCurrent) writeFileSync(path, text);
