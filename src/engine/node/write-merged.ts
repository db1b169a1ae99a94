import { createHash } from "node:crypto";
import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expectedTensors } from "../../core/checkpoint/expected-tensors";
import { openSet } from "../../core/checkpoint/open-set";
import { safetensorsChunks } from "../../core/checkpoint/safetensors-writer";
import { parseSetSpec } from "../../core/checkpoint/set-spec";
import { linear } from "../../core/merge/linear";
import { mergeTensors } from "../../core/merge/merge-plan";
import type { Mixture } from "../../core/mixture/mixture";
import { fail, ok, type Result } from "../../core/result";
import { nodeFolder } from "./node-folder";

const COPIED = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"];

/**
 * Writes the checkpoint merged at α in Hugging Face form, float32. The weight file has its final name only when it is
 * whole. Gives its path and SHA-256.
 */
export async function writeMerged(
  setDir: string,
  specText: string,
  alpha: Mixture,
  out: string,
): Promise<Result<{ path: string; sha256: string }>> {
  const spec = parseSetSpec(specText, join(setDir, "demix-set.json"));
  if (!spec.ok) return spec;
  const set = await openSet(spec.value, (member) => nodeFolder(join(setDir, member.source)));
  if (!set.ok) return set;
  const tensors = expectedTensors(set.value.config);
  const components = set.value.components.map((c) => c.checkpoint);
  await mkdir(out, { recursive: true });
  const path = join(out, "model.safetensors");
  const partial = `${path}.partial`;
  const hash = createHash("sha256");
  const file = await open(partial, "w");
  try {
    const merged = mergeTensors({ tensors, components, method: linear, weights: alpha });
    for await (const chunk of safetensorsChunks(path, tensors, "F32", merged)) {
      if (!chunk.ok) return chunk;
      hash.update(chunk.value);
      await file.write(chunk.value);
    }
  } catch (error) {
    return fail("quota", `cannot be written (${String(error)}).`, {
      file: path,
      remedy: "Check the folder and its free space.",
    });
  } finally {
    await file.close();
  }
  await rename(partial, path);
  await rm(partial, { force: true });
  for (const name of COPIED) {
    await copyFile(join(setDir, spec.value.base.source, name), join(out, name)).catch(() => undefined);
  }
  const config = join(out, "config.json");
  await rewriteDtype(config);
  return ok({ path, sha256: hash.digest("hex") });
}

/** The merged weights are float32, whatever the components are stored in. */
async function rewriteDtype(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    const config = JSON.parse(await file.readFile("utf8")) as Record<string, unknown>;
    for (const field of ["torch_dtype", "dtype"]) if (field in config) config[field] = "float32";
    await file.truncate(0);
    await file.write(`${JSON.stringify(config, null, 2)}\n`, 0);
  } finally {
    await file.close();
  }
}
