import { expect, it } from "vitest";
import { BytePool } from "./byte-pool";

it("lends what was given back, by any view, to the next who asks for that size", () => {
  let made = 0;
  const pool = new BytePool((size) => {
    made++;
    return new Uint8Array(size);
  }, 100);
  const first = pool.take(40);
  expect(pool.take(40).buffer).not.toBe(first.buffer);
  pool.give(first.subarray(8, 12));
  pool.give(first);
  expect(pool.take(30)).toHaveLength(30);
  expect(pool.take(40).buffer).toBe(first.buffer);
  expect(pool.take(40).buffer).not.toBe(first.buffer);
  expect(made).toBe(4);
});

it("leaves bytes alone that are not its own, and keeps no more than its limit", () => {
  const pool = new BytePool((size) => new Uint8Array(size), 100);
  const own = new Uint8Array(60);
  pool.give(own);
  expect(pool.take(60).buffer).not.toBe(own.buffer);
  const [a, b] = [pool.take(60), pool.take(60)];
  pool.give(a);
  pool.give(b);
  expect(pool.take(60).buffer).toBe(a.buffer);
  expect(pool.take(60).buffer).not.toBe(b.buffer);
});
