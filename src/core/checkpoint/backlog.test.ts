import { expect, it } from "vitest";
import { Backlog } from "./backlog";

function job() {
  let finish = () => {};
  let refuse = (_: Error) => {};
  const work = new Promise<void>((resolve, reject) => {
    finish = resolve;
    refuse = reject;
  });
  return { work, finish, refuse };
}
const state = async (promise: Promise<void>) =>
  Promise.race([
    promise.then(
      () => "done",
      (error: Error) => error.message,
    ),
    new Promise((resolve) => setTimeout(resolve, 5, "waiting")),
  ]);

it("waits for the oldest work where all of it holds too much", async () => {
  const backlog = new Backlog(10);
  const [a, b, c] = [job(), job(), job()];
  expect(await state(backlog.add(a.work, 30))).toBe("done");
  const second = backlog.add(b.work, 4);
  expect(await state(second)).toBe("waiting");
  a.finish();
  expect(await state(second)).toBe("done");
  expect(await state(backlog.add(c.work, 6))).toBe("done");
  const rest = backlog.settle();
  b.finish();
  expect(await state(rest)).toBe("waiting");
  c.finish();
  expect(await state(rest)).toBe("done");
});

it("hands a failure on to who waits", async () => {
  const backlog = new Backlog(10);
  const bad = job();
  await backlog.add(bad.work, 1);
  bad.refuse(new Error("disk full"));
  await expect(backlog.settle()).rejects.toThrow("disk full");
});
