import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import type { FolderRef } from "../protocol/folder-ref";
import {
  forgetSet,
  type RecentSet,
  recentSet,
  recentSets,
  rememberSet,
  reopened,
  storable,
} from "./recent-sets";

const recent = (id: string, openedAt: number, folders: Record<string, FolderRef | null>): RecentSet => ({
  id,
  name: `Set ${id}`,
  components: 1,
  openedAt,
  hash: null,
  set: { text: "{}", file: "demix-set.json" },
  folders,
  home: null,
  roots: [],
});
const http: FolderRef = { kind: "http", url: "https://host/" };
const hub: FolderRef = { kind: "hub", repo: "a/b", revision: "main" };

/** A handle as a browser gives it after a reload: allowed once the user says so. */
function asked(answer: PermissionState) {
  const asks: string[] = [];
  let state: PermissionState = "prompt";
  const handle = {
    kind: "directory",
    queryPermission: async () => state,
    requestPermission: async () => {
      asks.push("asked");
      state = answer;
      return answer;
    },
  } as unknown as FileSystemDirectoryHandle;
  return { handle, asks };
}

it("keeps a dozen sets, newest first, and forgets", async () => {
  for (let i = 0; i < 15; i++) await rememberSet(recent(`s${i}`, i, { a: http }));
  expect((await recentSets()).map((r) => r.openedAt)).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  await forgetSet("s14");
  expect(await recentSet("s14")).toBeNull();
  expect((await recentSet("s13"))?.name).toBe("Set s13");
});

it("keeps neither tokens nor lists of files", () => {
  expect(storable({ ...hub, token: "hf_secret" })).toEqual(hub);
  expect(storable({ kind: "files", name: "x", files: [] })).toBeNull();
  expect(storable(http)).toBe(http);
});

it("reopens with the token of now, or says which folders have to be chosen", async () => {
  const ready = await reopened(recent("r", 1, { a: http, b: hub }), "hf_now");
  expect(ready).toMatchObject({ state: "ready", folders: { a: http, b: { ...hub, token: "hf_now" } } });
  expect(await reopened(recent("r", 1, { a: http, b: null }), "")).toEqual({
    state: "choose",
    missing: ["b"],
  });
});

it("asks once for the folder that holds the others, in the click alone", async () => {
  const root = asked("granted");
  const set = {
    ...recent("r", 1, { a: { kind: "handle", handle: root.handle } as const }),
    roots: [root.handle],
  };
  const state = await reopened(set, "");
  expect(root.asks).toEqual([]);
  if (state.state !== "ask") throw new Error(state.state);
  expect(await state.allow()).toBe(true);
  expect(root.asks).toEqual(["asked"]);
  expect((await reopened(set, "")).state).toBe("ready");
  const no = asked("denied");
  const denied = await reopened(recent("r", 1, { a: { kind: "handle", handle: no.handle } }), "");
  expect(denied.state === "ask" && (await denied.allow())).toBe(false);
});
