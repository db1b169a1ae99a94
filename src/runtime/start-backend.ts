import { fail, ok, type Result } from "../core/result";
import type { BackendKind } from "../core/scoring/measurement";
import type { BackendInfo, SelfTest, StartOptions } from "../protocol/engine-protocol";
import { type Backend, openBackend } from "./backend";
import type { Platform } from "./ort";
import { expectedLogProbs, selfTest } from "./self-test";

export interface StartedBackend {
  readonly backend: Backend;
  readonly info: BackendInfo;
}

const NAMES: Partial<Record<BackendKind, string>> = {
  webgpu: "WebGPU",
  "wasm-threads": "WASM with threads",
  wasm: "WASM with one thread",
  native: "native onnxruntime",
};

/** Raised when scores could change beyond rounding. */
const ENGINE_VERSION = "1";

function versionsOf({ ort }: Backend): Record<string, string> {
  const { common, web, node } = ort.env.versions;
  const name = node ? "onnxruntime-node" : "onnxruntime-web";
  return { engine: ENGINE_VERSION, [name]: node ?? web ?? common };
}

/** The order of trial: the chosen one first, then whatever is slower. */
function candidates(chosen: StartOptions["backend"]): BackendKind[] {
  const all: BackendKind[] = ["webgpu", "wasm-threads", "wasm"];
  if (chosen === "auto") return all;
  return chosen === "native" ? ["native"] : all.slice(Math.max(0, all.indexOf(chosen)));
}

/**
 * Opens the first backend that exists and passes the self-test. `before` are sentences on what failed earlier;
 * `expected` is there for tests.
 */
export async function startBackend(
  platform: Platform,
  { backend: chosen, threads }: StartOptions,
  before: readonly string[] = [],
  expected: readonly Float64Array[] = expectedLogProbs(),
): Promise<Result<StartedBackend>> {
  const reasons = [...before];
  const tests: SelfTest[] = [];
  for (const kind of candidates(chosen)) {
    const opened = await openBackend(platform, kind, { threads, softwareGpu: chosen === "webgpu" });
    if (typeof opened === "string") {
      reasons.push(`${NAMES[kind]} is not used because ${opened}.`);
      continue;
    }
    const verdict = await selfTest(opened, expected);
    tests.push(verdict);
    if (verdict.passed) {
      const info: BackendInfo = {
        kind,
        threads: opened.threads,
        reason:
          reasons.join(" ") ||
          `${NAMES[kind]} is the ${chosen === "auto" ? "fastest backend" : "one asked for"}.`,
        selfTests: tests,
        versions: versionsOf(opened),
        ...(opened.adapter && { adapter: opened.adapter }),
      };
      return ok({ backend: opened, info });
    }
    opened.close();
    reasons.push(`${NAMES[kind]} failed the self-test (${verdict.detail}).`);
  }
  return fail("backend", `no backend computes correctly here. ${reasons.join(" ")}`, {
    remedy: "Update the browser, or use another one.",
  });
}
