import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openCheckpoint } from "../../core/checkpoint/sharded";
import { decoderOf } from "../../core/decoder/families";
import { sentence } from "../../core/result";
import { batchFeeds, packBatches } from "../../core/scoring/pack";
import { tokenTree } from "../../core/scoring/token-tree";
import { openBackend } from "../../runtime/backend";
import { CpuBank } from "../../runtime/cpu-bank";
import { DecoderSession } from "../../runtime/decoder-session";
import { asReader } from "../../runtime/resident-tensors";
import { nodeFolder } from "./node-folder";
import { nodeKernel } from "./node-kernel";
import { nodePlatform } from "./node-platform";
import { type MergeOutcome, replayMerge } from "./replay-merge";

const REFERENCE = fileURLToPath(new URL("../../../reference/", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "demix-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Reference {
  readonly models: readonly {
    readonly yaml: string;
    readonly sha256: string;
    readonly texts: readonly { tokens: number[]; logp: number[]; greedy: number[] }[];
  }[];
}
const { models } = JSON.parse(readFileSync(join(REFERENCE, "values/merged-model.json"), "utf8")) as Reference;

async function merge(name: string, out: string, shardBytes = 5e9): Promise<MergeOutcome> {
  const file = join(REFERENCE, "merged", name);
  const options = { out, mergekit: false, shardBytes, seed: 0 };
  const done = await replayMerge(readFileSync(file, "utf8"), file, options);
  if (!done.ok) throw new Error(sentence(done.problem));
  return done.value;
}

/** Loaded by transformers without a missing or unexpected weight; see reference/merged_model.py. */
describe.each(models.map((m) => [m.yaml, m] as const))("the model written by %s", (yaml, model) => {
  it("has the weights that transformers loaded, and scores as there", async () => {
    const out = join(home, basename(yaml, ".yaml"));
    const { files } = await merge(yaml, out);
    expect(files.find((f) => f.path === "model.safetensors")?.sha256).toBe(model.sha256);
    const checkpoint = await openCheckpoint(nodeFolder(out));
    if (!checkpoint.ok) throw new Error(sentence(checkpoint.problem));
    const config = decoderOf(checkpoint.value.config, "config.json");
    const backend = await openBackend(nodePlatform(), "wasm");
    if (!config.ok || typeof backend === "string") throw new Error("the merged model does not open");
    const options = { inputs: config.value.weights, base: null, components: [], ops: await nodeKernel() };
    const bank = new CpuBank(backend, options);
    const loaded = await bank.load(asReader(checkpoint.value));
    if (!loaded.ok) throw new Error(sentence(loaded.problem));
    const session = await DecoderSession.open(backend, config.value);
    for (const { tokens, logp, greedy } of model.texts) {
      const unit = { owner: null, tree: tokenTree([{ tokens, from: 1 }]) };
      const batch = packBatches([unit], { tokens: 1024, targets: 1024 })[0]!;
      const scored = await session.score(bank.feeds, batch, batchFeeds(batch));
      for (const [i, value] of logp.entries())
        expect(Math.abs(scored.logProb[i]! - value)).toBeLessThan(1e-4);
      expect([...scored.gap].map((g) => (g >= 0 ? 1 : 0))).toEqual(greedy);
    }
    await session.close();
  }, 120_000);
});

describe("replayMerge", () => {
  it("writes shards with an index that hold the same tensors", async () => {
    await merge("linear.yaml", join(home, "whole"));
    const { files } = await merge("linear.yaml", join(home, "shards"), 500_000);
    expect(files.filter((f) => f.path.endsWith(".safetensors")).length).toBeGreaterThan(1);
    const [whole, shards] = await Promise.all(
      ["whole", "shards"].map(async (name) => {
        const opened = await openCheckpoint(nodeFolder(join(home, name)));
        if (!opened.ok) throw new Error(sentence(opened.problem));
        return opened.value;
      }),
    );
    expect(shards!.tensorNames).toEqual(whole!.tensorNames);
    for (const name of whole!.tensorNames) {
      const [a, b] = await Promise.all([whole!.values(name), shards!.values(name)]);
      expect(a).toEqual(b);
    }
  }, 60_000);

  it("gives the same bytes twice, and a card, the YAML and the tokenizer with them", async () => {
    const again = await merge("ties.yaml", join(home, "again"));
    const paths = again.files.map((f) => f.path);
    for (const path of ["config.json", "tokenizer.json", "README.md", "mergekit_config.yml"])
      expect(paths).toContain(path);
    const config = JSON.parse(readFileSync(join(home, "again", "config.json"), "utf8"));
    expect(config.torch_dtype ?? config.dtype).toBe("bfloat16");
  }, 60_000);

  it("refuses by name what it cannot merge, and leaves nothing", async () => {
    const file = join(REFERENCE, "merged", "x.yaml");
    const options = { out: join(home, "none"), mergekit: false, shardBytes: 5e9, seed: 0 };
    const yaml = (model: string, more = "") =>
      `models:\n  - model: ${model}\n    parameters: {weight: 1}\nmerge_method: linear\n${more}`;
    for (const [text, message] of [
      [yaml("nowhere"), /nowhere.*neither config\.json/],
      [yaml("../../public/zoo/demo/base", "slices: []\n"), /x\.yaml.*slices/],
      [yaml("../../public/zoo/demo/base").replace("linear", "task_arithmetic"), /x\.yaml.*base_model/],
    ] as const) {
      const refused = await replayMerge(text, file, options);
      expect(refused.ok ? "" : sentence(refused.problem)).toMatch(message);
    }
    expect(() => readFileSync(join(home, "none", "config.json"))).toThrow();
  });
});
