import { beforeEach, expect, it, vi } from "vitest";
import { sentence } from "../core/result";
import { memoryDirectory } from "../runtime/sources/memory-directory.fixture";
import { rememberedFolder, rememberedNames, rememberFolder } from "./remembered-folders";

/** Handles with their methods: only a browser can copy those into IndexedDB. */
const kept = vi.hoisted(() => new Map<string, unknown>());
vi.mock("idb-keyval", () => ({
  createStore: () => null,
  get: async (name: string) => kept.get(name),
  set: async (name: string, value: unknown) => void kept.set(name, value),
  del: async (name: string) => void kept.delete(name),
  keys: async () => [...kept.keys()],
}));

beforeEach(() => kept.clear());

async function remember(permission: PermissionState, answer: PermissionState | Error): Promise<void> {
  const handle = memoryDirectory("runs", { "config.json": "{}" });
  const requestPermission = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  Object.assign(handle, { queryPermission: async () => permission, requestPermission });
  expect(await rememberFolder("runs", { name: "runs", ref: { kind: "handle", handle } })).toBe(true);
}

it("gives a folder back at once where the browser kept the permission", async () => {
  await remember("granted", "denied");
  expect(await rememberedFolder("runs")).toMatchObject({
    state: "ready",
    folder: { name: "runs", ref: { kind: "handle" } },
  });
  expect(await rememberedNames()).toEqual(["runs"]);
});

it.each(["prompt", "denied"] as const)("asks again where it was not kept (%s)", async (permission) => {
  await remember(permission, "granted");
  const found = await rememberedFolder("runs");
  expect(found.state).toBe("ask");
  const allowed = found.state === "ask" ? await found.allow() : null;
  expect(allowed).toMatchObject({ ok: true, value: { name: "runs", ref: { kind: "handle" } } });
});

it.each([["denied" as const], [new DOMException("no click", "SecurityError")]])(
  "says what to do where the answer is no (%s)",
  async (answer) => {
    await remember("prompt", answer);
    const found = await rememberedFolder("runs");
    const allowed = found.state === "ask" ? await found.allow() : null;
    expect(allowed && !allowed.ok ? sentence(allowed.problem) : "").toBe(
      "runs: the browser was not allowed to read the folder. Allow it when the browser asks, or choose the folder again.",
    );
  },
);

it("says that a folder that is gone has to be chosen again", async () => {
  await remember("granted", "denied");
  const gone = () => {
    throw new DOMException("gone", "NotFoundError");
  };
  Object.assign(kept.get("runs") as object, { entries: gone });
  expect(await rememberedFolder("runs")).toEqual({
    state: "choose",
    why: 'The folder "runs" is no longer where it was, or cannot be read: choose it again.',
  });
});
