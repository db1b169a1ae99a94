import { describe, expect, it } from "vitest";
import { fail, ok, type Result, sentence } from "../result";
import { memoryFolder } from "./byte-source";
import { encode } from "./dtype";
import {
  type ModelParts,
  type OutputFolder,
  shardTensors,
  type TensorBytes,
  type WriteOptions,
  writeModel,
} from "./model-writer";
import { openCheckpoint } from "./sharded";
import { TINY_CONFIG, tinyTensors } from "./tiny-checkpoint";

/** A folder in memory that fails the `failAt`-th write. */
function memoryOutput(there: Record<string, Uint8Array> = {}, failAt = Number.POSITIVE_INFINITY) {
  const files = new Map(Object.entries(there));
  const open = new Set<string>();
  let writes = 0;
  const folder: OutputFolder = {
    name: "out",
    list: async () => [...files.keys()],
    create: async (path) => {
      const parts: number[] = [];
      open.add(path);
      return {
        write: async (bytes) => {
          if (++writes === failAt) throw new Error("No space left on device.");
          parts.push(...bytes);
        },
        commit: async () => {
          open.delete(path);
          files.set(path, Uint8Array.from(parts));
        },
        discard: async () => void open.delete(path),
      };
    },
  };
  return { folder, files, open };
}

const tensors = tinyTensors(1);

async function* data(list = tensors): AsyncGenerator<Result<TensorBytes>> {
  for (const { name, data: values } of list) {
    const bytes = encode(values, "BF16");
    yield ok({ name, bytes: bytes.subarray(0, 6) });
    yield ok({ name, bytes: bytes.subarray(6) });
  }
}

const parts = (stream = data()): ModelParts => ({
  tensors: tensors.map(({ name, shape }) => ({ name, shape, dtype: "BF16" })),
  data: stream,
  files: () => [{ path: "config.json", content: JSON.stringify(TINY_CONFIG) }],
});

async function written(options: WriteOptions = {}) {
  const out = memoryOutput();
  const result = await writeModel(out.folder, parts(), options);
  if (!result.ok) throw new Error(sentence(result.problem));
  return { ...out, result: result.value };
}

describe("writeModel", () => {
  it.each([
    ["one file", {}, 1],
    ["shards", { shardBytes: 600 }, 6],
  ])("writes a checkpoint in %s that opens again", async (_, options, files) => {
    const { files: held, result, open } = await written(options);
    expect(open.size).toBe(0);
    expect(result.filter((f) => f.path.endsWith(".safetensors"))).toHaveLength(files);
    const checkpoint = await openCheckpoint(memoryFolder("out", Object.fromEntries(held)));
    if (!checkpoint.ok) throw new Error(sentence(checkpoint.problem));
    for (const { name, data: values } of tensors) {
      const stored = await checkpoint.value.values(name);
      expect(stored.ok && stored.value).toEqual({ dtype: "BF16", bytes: encode(values, "BF16") });
    }
    for (const { path, bytes, sha256 } of result) {
      const content = held.get(path)!;
      expect(bytes).toBe(content.length);
      const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(content));
      expect(sha256).toBe(Buffer.from(digest).toString("hex"));
    }
  });

  it("reports bytes of weights", async () => {
    const seen: number[] = [];
    await written({ onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it("leaves nothing under a final name when it fails or is stopped", async () => {
    const full = memoryOutput({}, 9);
    const failed = await writeModel(full.folder, parts(), { shardBytes: 600 });
    expect(!failed.ok && sentence(failed.problem)).toMatch(
      /^out: the merged model could not be written \(No space left on device\)\. Check the folder/,
    );
    const abort = new AbortController();
    const stopped = memoryOutput();
    const cancelled = await writeModel(stopped.folder, parts(), {
      shardBytes: 600,
      signal: abort.signal,
      onProgress: ({ done }) => done > 700 && abort.abort(),
    });
    expect(!cancelled.ok && cancelled.problem.kind).toBe("cancelled");
    const broken = memoryOutput();
    const part = await writeModel(
      broken.folder,
      parts(
        (async function* () {
          yield* data(tensors.slice(0, 3));
          yield fail("bad-set", "is not finite.", { tensor: "x" });
        })(),
      ),
    );
    expect(!part.ok && sentence(part.problem)).toBe("out, tensor x: is not finite.");
    for (const { files, open } of [full, stopped, broken]) {
      expect([...files.keys()]).toEqual([]);
      expect(open.size).toBe(0);
    }
  });

  it("does not mix with other weights, but replaces its own", async () => {
    const other = memoryOutput({ "model-00001-of-00002.safetensors": new Uint8Array(1) });
    const refused = await writeModel(other.folder, parts());
    expect(!refused.ok && sentence(refused.problem)).toMatch(/holds model-00001-of-00002.*empty folder/);
    const same = memoryOutput({ "model.safetensors": new Uint8Array(1) });
    expect((await writeModel(same.folder, parts())).ok).toBe(true);
    expect(same.files.get("model.safetensors")!.length).toBeGreaterThan(1);
  });

  it("takes names and order seriously", async () => {
    const { folder } = memoryOutput();
    await expect(writeModel(folder, parts(data([...tensors].reverse())))).rejects.toThrow(RangeError);
    await expect(writeModel(folder, parts(data(tensors.slice(0, 4))))).rejects.toThrow(/end before/);
  });
});

describe("shardTensors", () => {
  it("gives a tensor that is too large a file of its own", () => {
    const tensor = (name: string, size: number) => ({ name, shape: [size], dtype: "I8" });
    const shards = shardTensors([tensor("a", 5), tensor("b", 50), tensor("c", 5), tensor("d", 5)], 10);
    expect(shards.map((s) => s.tensors.map((t) => t.name).join())).toEqual(["a", "b", "c,d"]);
    expect(shards[0]!.path).toBe("model-00001-of-00003.safetensors");
  });
});
