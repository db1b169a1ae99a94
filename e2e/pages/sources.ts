import { wrap } from "comlink";
import { findCheckpoints } from "../../src/state/checkpoint-folders";
import { droppedFolders } from "../../src/state/dropped-folders";
import type { LocalFolder } from "../../src/state/folder-access";
import { pickFolder } from "../../src/state/local-folders";
import { persistStorage } from "../../src/state/persist-storage";
import { rememberedFolder, rememberFolder } from "../../src/state/remembered-folders";
import type { SourcesApi } from "./sources.worker";

/** Hands the sources, in a worker, and the page's side of choosing folders to the test that drives this page. */
const worker = new Worker(new URL("./sources.worker.ts", import.meta.url), { type: "module" });
const sources = wrap<SourcesApi>(worker);
let chosen: LocalFolder[] = [];

const underTest = {
  sources,
  chosen: () => chosen,
  findCheckpoints,
  rememberFolder,
  rememberedFolder,
  persistStorage,
};
export type SourcesHandle = typeof underTest;

const drop = document.querySelector("#drop")!;
drop.addEventListener("dragover", (event) => event.preventDefault());
drop.addEventListener("drop", async (event) => {
  event.preventDefault();
  chosen = await droppedFolders((event as DragEvent).dataTransfer!.items);
});
document.querySelector("#pick")!.addEventListener("click", async () => {
  const picked = await pickFolder();
  chosen = picked.ok && picked.value ? [picked.value] : [];
});

Object.assign(window, { underTest });
