/** Longest stretch on the page's thread, in milliseconds. */
const SLICE_MS = 12;

/** Gives the page's thread back whenever a stretch of work has lasted long enough; false when it should stop. */
export function slicer(stopped: () => boolean): () => Promise<boolean> {
  let start = performance.now();
  return async () => {
    if (performance.now() - start < SLICE_MS) return true;
    await new Promise((resolve) => setTimeout(resolve));
    start = performance.now();
    return !stopped();
  };
}
