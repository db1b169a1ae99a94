import { fail, ok, type Result } from "../result";
import { isObject, type JsonObject, quote, shorten } from "./strict-json";

const SHARD = /^[A-Za-z0-9_][A-Za-z0-9._-]*\.safetensors$/;
const MAX_SHARDS = 2_000;
const REMEDY = "Download the index and its shards again.";

/** Reads model.safetensors.index.json: tensor name → shard, with plain file names only. */
export function parseWeightIndex(json: JsonObject, file: string): Result<ReadonlyMap<string, string>> {
  const map = json.get("weight_map");
  if (!isObject(map))
    return fail("bad-file", "its weight_map is missing or no object.", { file, remedy: REMEDY });
  const shards = new Map<string, string>();
  for (const [tensor, shard] of map) {
    const where = { file, tensor: shorten(tensor), remedy: REMEDY };
    if (typeof shard !== "string") return fail("bad-file", "its shard's name is no string.", where);
    if (!SHARD.test(shard))
      return fail("bad-file", `the shard ${quote(shard)} is no plain name of a .safetensors file.`, {
        ...where,
        remedy: "Shards must lie beside the index: correct the name.",
      });
    shards.set(tensor, shard);
  }
  if (shards.size === 0) return fail("bad-file", "its weight_map is empty.", { file, remedy: REMEDY });
  const count = new Set(shards.values()).size;
  if (count > MAX_SHARDS)
    return fail("bad-file", `names ${count} shards, more than ${MAX_SHARDS}.`, { file, remedy: REMEDY });
  return ok(shards);
}

/** Checks one opened shard against the index, both ways. Returns null where all is well. */
export function checkShard(
  index: ReadonlyMap<string, string>,
  shard: string,
  held: ReadonlyMap<string, unknown>,
  file: string,
): Result<never> | null {
  for (const [tensor, home] of index)
    if (home === shard && !held.has(tensor))
      return fail("bad-file", "the index places this tensor here, but the shard lacks it.", {
        file,
        tensor: shorten(tensor),
        remedy: REMEDY,
      });
  for (const tensor of held.keys()) {
    const home = index.get(tensor);
    const where = { file, tensor: shorten(tensor), remedy: REMEDY };
    if (home === undefined)
      return fail("bad-file", "the shard holds this tensor, but the index does not list it.", where);
    if (home !== shard)
      return fail(
        "bad-file",
        `the shard holds this tensor, which the index places in ${quote(home)}.`,
        where,
      );
  }
  return null;
}
