import { fail, ok, type Problem, type Result } from "../result";
import { Backlog } from "./backlog";
import type { BufferPool } from "./byte-pool";
import { cancelled, reason } from "./byte-source";
import { createHasher } from "./hasher";
import type { CallOptions } from "./progress";
import { type DeclaredTensor, dataBytes, safetensorsHeader } from "./safetensors-writer";

/** A file in the making: nothing stands under its name before `commit`. */
export interface OutputFile {
  /** Resolves when more may be written; the bytes must stay as they are until `written` is called. */
  write(bytes: Uint8Array, written?: () => void): Promise<void>;
  commit(): Promise<void>;
  /** Drops what was written. */
  discard(): Promise<void>;
}

export interface OutputFolder {
  readonly name: string;
  /** Names of the files that are there. */
  list(): Promise<readonly string[]>;
  create(path: string): Promise<OutputFile>;
}

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The next bytes of a tensor; tensors come in the declared order, each without gaps. */
export interface TensorBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A small file that stands beside the weights. */
export interface ModelFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

export interface ModelParts {
  readonly tensors: readonly DeclaredTensor[];
  readonly data: AsyncIterable<Result<TensorBytes>>;
  /** config.json, tokenizer files, card; made when the weights' hashes are known. */
  readonly files: (weights: readonly WrittenFile[]) => readonly ModelFile[];
}

/** SHA-256 of bytes that come piece by piece, here or in a thread of its own. */
export interface StreamHasher {
  /** Resolves when the bytes may be used again. */
  update(bytes: Uint8Array): undefined | Promise<void>;
  /** Lower-case hex. Ends the stream. */
  digest(): string | Promise<string>;
}

export interface WriteOptions extends CallOptions {
  /** `createHasher` where absent. */
  readonly hasher?: () => StreamHasher;
  /** Takes back bytes of `data` that are hashed and written. */
  readonly pool?: BufferPool;
  /** Most bytes of a weight file, header aside; a larger tensor has a file of its own. */
  readonly shardBytes?: number;
}

const SHARD_BYTES = 5e9;
/** Bytes that a hasher may be behind. */
const BEHIND_BYTES = 32 * 2 ** 20;
const INDEX = "model.safetensors.index.json";

/** Tensors by weight file, in order, as transformers shards them. */
export function shardTensors(
  tensors: readonly DeclaredTensor[],
  shardBytes = SHARD_BYTES,
): { readonly path: string; readonly tensors: readonly DeclaredTensor[] }[] {
  const shards: DeclaredTensor[][] = [[]];
  let filled = 0;
  for (const tensor of tensors) {
    const bytes = dataBytes(tensor);
    if (filled > 0 && filled + bytes > shardBytes) {
      shards.push([]);
      filled = 0;
    }
    shards.at(-1)!.push(tensor);
    filled += bytes;
  }
  if (shards.length === 1) return [{ path: "model.safetensors", tensors }];
  const number = (n: number) => String(n).padStart(5, "0");
  return shards.map((part, i) => ({
    path: `model-${number(i + 1)}-of-${number(shards.length)}.safetensors`,
    tensors: part,
  }));
}

/**
 * Writes a Hugging Face checkpoint: weights (sharded with an index where they exceed `shardBytes`) and the given files.
 * Names appear only when everything is written; on a failure or an abort nothing is left. RangeError where `data` does not
 * give the declared tensors.
 */
export async function writeModel(
  folder: OutputFolder,
  parts: ModelParts,
  { shardBytes, signal, onProgress, hasher = createHasher as () => StreamHasher, pool }: WriteOptions = {},
): Promise<Result<WrittenFile[]>> {
  const shards = shardTensors(parts.tensors, shardBytes);
  const total = parts.tensors.reduce((sum, tensor) => sum + dataBytes(tensor), 0);
  const open: OutputFile[] = [];
  const written: WrittenFile[] = [];
  const start = async (path: string) => {
    const file = await io(folder.create(path));
    open.push(file);
    const hash = hasher();
    const behind = new Backlog(BEHIND_BYTES);
    let bytes = 0;
    return {
      write: async (chunk: Uint8Array) => {
        const hashed = hash.update(chunk);
        bytes += chunk.length;
        await io(
          file.write(chunk, pool && (() => void Promise.resolve(hashed).then(() => pool.give(chunk)))),
        );
        await io(behind.add(hashed, chunk.length));
      },
      end: async () => written.push({ path, bytes, sha256: await hash.digest() }),
    };
  };
  const drop = async <T>(problem: Result<T>): Promise<Result<T>> => {
    await Promise.allSettled(open.map((file) => file.discard()));
    return problem;
  };
  try {
    const stale = await otherWeights(folder, shards);
    if (stale)
      return fail("bad-file", `already holds ${stale}, which would not belong to the new model.`, {
        file: folder.name,
        remedy: "Choose an empty folder.",
      });
    const data = parts.data[Symbol.asyncIterator]();
    let done = 0;
    for (const shard of shards) {
      const file = await start(shard.path);
      await file.write(safetensorsHeader(shard.tensors));
      for (const tensor of shard.tensors) {
        for (let missing = dataBytes(tensor); missing > 0; ) {
          if (signal?.aborted) return await drop(cancelled());
          const next = await data.next();
          if (next.done) throw new RangeError(`writeModel: the data end before ${tensor.name} is whole`);
          if (!next.value.ok) return await drop(within(folder.name, next.value.problem));
          const { name, bytes } = next.value.value;
          if (bytes.length === 0) continue;
          if (name !== tensor.name || bytes.length > missing)
            throw new RangeError(`writeModel: ${name} came where ${tensor.name} belongs`);
          await file.write(bytes);
          missing -= bytes.length;
          done += bytes.length;
          onProgress?.({ done, total, unit: "bytes", what: tensor.name });
        }
      }
      await file.end();
    }
    const index = shards.length > 1 ? [{ path: INDEX, content: indexText(shards, total) }] : [];
    for (const { path, content } of [...index, ...parts.files([...written])]) {
      const file = await start(path);
      await file.write(typeof content === "string" ? new TextEncoder().encode(content) : content);
      await file.end();
    }
    if (signal?.aborted) return await drop(cancelled());
    for (const file of open) await io(file.commit());
    return ok(written);
  } catch (error) {
    const problem = await drop(
      fail("quota", `the merged model could not be written (${reason(error)}).`, {
        file: folder.name,
        remedy: "Check the folder, its free space and the browser's permission, then try again.",
      }),
    );
    if (error instanceof WriteFailure) return problem;
    throw error;
  }
}

/** What the folder threw, told apart from bugs. */
class WriteFailure extends Error {}

async function io<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new WriteFailure(reason(error));
  }
}

/** A failure of the merge names no file: it concerns the one that is being written. */
const within = (file: string, problem: Problem): Result<never> => ({
  ok: false,
  problem: problem.kind === "cancelled" ? problem : { file, ...problem },
});

/** A weight file that is there and would not be replaced. */
async function otherWeights(
  folder: OutputFolder,
  shards: readonly { readonly path: string }[],
): Promise<string | null> {
  const own = new Set(shards.map((s) => s.path));
  if (shards.length > 1) own.add(INDEX);
  const weights = (name: string) => /\.safetensors(\.index\.json)?$/.test(name);
  return (await io(folder.list())).find((name) => weights(name) && !own.has(name)) ?? null;
}

function indexText(shards: ReturnType<typeof shardTensors>, total: number): string {
  const map = Object.fromEntries(
    shards.flatMap(({ path, tensors }) => tensors.map((tensor) => [tensor.name, path])),
  );
  return `${JSON.stringify({ metadata: { total_size: total }, weight_map: map }, null, 2)}\n`;
}
