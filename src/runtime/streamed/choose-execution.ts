import type { StartOptions } from "../../protocol/engine-protocol";

/** Parameters whose float32 copies fit into a tab's WASM memory beside activations. */
const MOST_WHOLE = 250e6;

/** Whether a model of so many parameters is computed layer by layer. */
export function isStreamed(parameters: number, execution: StartOptions["execution"] = "auto"): boolean {
  return execution === "auto" ? parameters > MOST_WHOLE : execution === "streamed";
}
