import { fail, ok, type Result } from "../result";
import { tensorNameProblem } from "./safetensors-header";
import { isObject, type JsonObject, quote, shorten } from "./strict-json";

const SHARD = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\.safetensors$/;
const MAX_SHARDS = 2_000;
const REMEDY = "Download the index and its shards again.";

export interface WeightIndex {
  /** Tensor name → shard. */
  readonly homes: ReadonlyMap<string, string>;
  /** Tensors in each shard. */
  readonly shards: ReadonlyMap<string, number>;
}

/** Reads model.safetensors.index.json; shards have plain file names only. */
export function parseWeightIndex(json: JsonObject, file: string): Result<WeightIndex> {
  const map = json.get("weight_map");
  if (!isObject(map))
    return fail("bad-file", "its weight_map is missing or no object.", { file, remedy: REMEDY });
  const homes = new Map<string, string>();
  const shards = new Map<string, number>();
  for (const [tensor, shard] of map) {
    const where = { file, tensor: shorten(tensor), remedy: REMEDY };
    const wrongName = tensorNameProblem(tensor);
    if (wrongName) return fail("bad-file", wrongName, where);
    if (typeof shard !== "string") return fail("bad-file", "its shard's name is no string.", where);
    if (!SHARD.test(shard))
      return fail("bad-file", `the shard ${quote(shard)} is no plain name of a .safetensors file.`, {
        ...where,
        remedy: "Shards must lie beside the index: correct the name.",
      });
    homes.set(tensor, shard);
    shards.set(shard, (shards.get(shard) ?? 0) + 1);
    if (shards.size > MAX_SHARDS)
      return fail("bad-file", `it names more than ${MAX_SHARDS} shards.`, { file, remedy: REMEDY });
  }
  if (shards.size === 0) return fail("bad-file", "its weight_map is empty.", { file, remedy: REMEDY });
  return ok({ homes, shards });
}

/** Checks one opened shard against the index, both ways. Returns null where all is well. */
export function checkShard(
  { homes, shards }: WeightIndex,
  shard: string,
  held: ReadonlyMap<string, unknown>,
  file: string,
): Result<never> | null {
  const bad = (tensor: string, message: string) =>
    fail("bad-file", message, { file, tensor: shorten(tensor), remedy: REMEDY });
  for (const tensor of held.keys()) {
    const home = homes.get(tensor);
    if (home === undefined)
      return bad(tensor, "the shard holds this tensor, but the index does not list it.");
    if (home !== shard)
      return bad(tensor, `the shard holds this tensor, which the index places in ${quote(home)}.`);
  }
  if (held.size === shards.get(shard)) return null;
  for (const [tensor, home] of homes)
    if (home === shard && !held.has(tensor))
      return bad(tensor, "the index places this tensor here, but the shard lacks it.");
  return null;
}
