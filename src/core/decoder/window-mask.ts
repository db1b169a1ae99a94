/**
 * The mask of layers with a window, from the plain one: of the keys that a query sees, the last `window`. A query sees one key
 * of every position up to its own, in the order of positions, so these are the keys whose position > the query's − window.
 */
export function windowMask(mask: Float32Array, keys: number, window: number, hidden: number): Float32Array {
  const out = mask.slice();
  for (let row = 0; row < mask.length; row += keys) {
    let seen = 0;
    for (let key = keys - 1; key >= 0; key--) {
      if (mask[row + key] !== 0 || ++seen <= window) continue;
      out[row + key] = hidden;
    }
  }
  return out;
}
