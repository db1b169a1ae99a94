/** Readings that take longer than this, in milliseconds, are timed again. */
const SLOW = 20;
const REPEATS = 4;

/** What `read` gives, and the milliseconds of its fastest repetition: a busy machine delays one reading, a bad file all. */
export async function timed<T>(
  read: () => T | Promise<T>,
): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await read();
  let ms = performance.now() - start;
  for (let n = 0; n < REPEATS && ms > SLOW; n++) {
    const again = performance.now();
    await read();
    ms = Math.min(ms, performance.now() - again);
  }
  return { value, ms };
}
