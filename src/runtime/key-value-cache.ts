import type { Backend } from "./backend";
import type { Feeds } from "./ort";

/** A cache with these rows of another one, which stays as it is; a row may be taken several times. */
export async function cacheOfRows(backend: Backend, cache: Feeds, rows: readonly number[]): Promise<Feeds> {
  const taken: Feeds = {};
  for (const [name, tensor] of Object.entries(cache)) {
    const data = (tensor.location === "cpu" ? tensor.data : await tensor.getData()) as Float32Array;
    const size = data.length / tensor.dims[0]!;
    const out = new Float32Array(rows.length * size);
    for (const [i, row] of rows.entries()) out.set(data.subarray(row * size, (row + 1) * size), i * size);
    taken[name] = new backend.ort.Tensor("float32", out, [rows.length, ...tensor.dims.slice(1)]);
  }
  return taken;
}
