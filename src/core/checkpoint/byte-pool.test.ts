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

it("does not keep what is dropped", () => {
  const pool = new BytePool((size) => new Uint8Array(size), 100);
  const bytes = pool.take(40);
  pool.drop(bytes);
  pool.give(bytes);
  expect(pool.take(40).buffer).not.toBe(bytes.buffer);
});

it("leaves bytes alone that are not its own", () => {
  const pool = new BytePool((size) => new Uint8Array(size), 100);
  const own = new Uint8Array(60);
  pool.give(own);
  expect(pool.take(60).buffer).not.toBe(own.buffer);
});

it("keeps the largest buffers, and with them little more than was lent at one time", () => {
  const pool = new BytePool((size) => new Uint8Array(size), 100);
  const large = [1000, 1000].map((size) => pool.take(size));
  for (const bytes of large) pool.give(bytes);
  const small = [30, 30].map((size) => pool.take(size));
  for (const bytes of small) pool.give(bytes);
  const buffers = (list: readonly Uint8Array[]) => list.map((bytes) => bytes.buffer);
  // 2000 were lent at one time: 61 more bytes leave room for 39 of the 60 small ones that wait.
  pool.take(61);
  expect(buffers(small)).toContain(pool.take(30).buffer);
  expect(buffers(small)).not.toContain(pool.take(30).buffer);
  expect(buffers(large)).toContain(pool.take(1000).buffer);
});
