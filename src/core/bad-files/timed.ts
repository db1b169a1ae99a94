const REPEATS = 4;

/**
 * What `read` gives, and its milliseconds by `clock`. A reading that takes longer than `slow` is repeated, and the fastest
 * counts: a busy machine delays one reading, a bad file all.
 */
export async function timed<T>(
  read: () => T | Promise<T>,
  clock: () => number = () => performance.now(),
  slow = 20,
): Promise<{ readonly value: T; readonly ms: number }> {
  const start = clock();
  const value = await read();
  let ms = clock() - start;
  for (let n = 0; n < REPEATS && ms > slow; n++) {
    const again = clock();
    await read();
    ms = Math.min(ms, clock() - again);
  }
  return { value, ms };
}
