import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";

/** Hashes the bytes that arrive, in order; answers each message, the empty one with the SHA-256 in hex. */
const hash = createHash("sha256");
parentPort.on("message", (bytes) => {
  if (bytes === null) parentPort.postMessage(hash.digest("hex"));
  else parentPort.postMessage(void hash.update(bytes));
});
