import { z } from "zod";
import type { CodeVerdict } from "../core/scoring/run-code";

/** What the sandbox's frame may say; anything else is dropped. */
export const FrameMessage = z.union([
  z.strictObject({ started: z.literal(true), error: z.string().max(1_000) }),
  z.strictObject({
    id: z.number().int().nonnegative(),
    verdict: z.nullable(
      z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("passed") }),
        z.strictObject({ kind: z.literal("failed"), error: z.string().max(1_000) }),
        z.strictObject({ kind: z.literal("timeout") }),
        z.strictObject({ kind: z.literal("memory") }),
        z.strictObject({ kind: z.literal("crashed"), error: z.string().max(1_000) }),
      ]) satisfies z.ZodType<CodeVerdict>,
    ),
  }),
]);

/**
 * What the frame, and the workers that inherit its policy, may load: its own script, and scripts that it made itself
 * ("blob:"); WebAssembly, and no text evaluated as JavaScript. No address at all can be asked for anything.
 */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' blob: 'wasm-unsafe-eval'`,
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/**
 * A hidden frame of an opaque origin that runs `script`; resolves once it is loaded. It inherits the page's cross-origin
 * isolation, as its document is the page's own text.
 */
export async function openFrame(script: string): Promise<HTMLIFrameElement> {
  const nonce = [...crypto.getRandomValues(new Uint32Array(4))].map((n) => n.toString(36)).join("");
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = "Python sandbox";
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("allow", "");
  frame.referrerPolicy = "no-referrer";
  frame.srcdoc =
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy(nonce)}">` +
    `<script nonce="${nonce}">${script}</script>`;
  await new Promise<void>((resolve, reject) => {
    frame.onload = () => resolve();
    frame.onerror = () => reject(new Error("the sandbox's frame did not load"));
    document.body.append(frame);
  });
  return frame;
}
