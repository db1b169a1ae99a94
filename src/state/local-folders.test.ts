import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { sentence } from "../core/result";
import { memoryDirectory } from "../runtime/sources/memory-directory.fixture";
import { checkpointPaths, findCheckpoints } from "./checkpoint-folders";
import { droppedFolders } from "./dropped-folders";
import type { LocalFolder } from "./folder-access";
import { folderOfFiles } from "./local-folders";
import { forgetFolder, rememberedFolder, rememberedNames, rememberFolder } from "./remembered-folders";

const MODEL = { "config.json": "{}", "model.safetensors": "weights" };
const TREE = {
  "demix-set.json": "{}",
  "README.md": "",
  base: MODEL,
  components: {
    code: { ...MODEL, "checkpoint-500": MODEL },
    adapter: { "adapter_config.json": "{}" },
    "code-10": MODEL,
  },
  notes: { "text.txt": "" },
  ".git": MODEL,
};

/** The same tree as a browser without folder handles gives it. */
function filesOf(tree: object, prefix: string): File[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    if (typeof value !== "string") return filesOf(value, `${prefix}${name}/`);
    const file = new File([value], name);
    Object.defineProperty(file, "webkitRelativePath", { value: prefix + name });
    return [file];
  });
}

const { ".git": _, ...VISIBLE } = TREE;

it.each<[string, LocalFolder]>([
  ["handle", { name: "runs", ref: { kind: "handle", handle: memoryDirectory("runs", TREE) } }],
  ["files", folderOfFiles(filesOf(VISIBLE, "runs/"))!],
])("finds the checkpoints and the set in a parent folder (%s)", async (kind, parent) => {
  const found = await findCheckpoints(parent);
  if (!found.ok) throw new Error(sentence(found.problem));
  const { set, checkpoints } = found.value;
  expect(set?.name).toBe("runs");
  expect(checkpoints.map(({ name }) => name)).toEqual([
    "runs/base",
    "runs/components/adapter",
    "runs/components/code",
    "runs/components/code-10",
  ]);
  const { ref } = checkpoints[2]!;
  expect(ref.kind).toBe(kind);
  if (ref.kind === "files")
    expect(ref.files.map(({ path }) => path).sort()).toEqual([
      "checkpoint-500/config.json",
      "checkpoint-500/model.safetensors",
      "config.json",
      "model.safetensors",
    ]);
  else
    expect(await (await (await ref.handle.getFileHandle("model.safetensors")).getFile()).text()).toBe(
      "weights",
    );
});

it("takes a folder that is a checkpoint itself", async () => {
  const handle = memoryDirectory("code", { ...MODEL, "checkpoint-1": MODEL });
  const found = await findCheckpoints({ name: "code", ref: { kind: "handle", handle } });
  expect(found.ok && found.value.checkpoints.map(({ name }) => name)).toEqual(["code"]);
  expect(found.ok && found.value.set).toBeNull();
});

it("finds the snapshots of a Hugging Face cache, and the outermost of several sets", () => {
  const snapshot = "models--owner--name/snapshots/abc";
  expect(checkpointPaths([`${snapshot}/config.json`, "models--owner--name/refs/main"]).checkpoints).toEqual([
    snapshot,
  ]);
  expect(checkpointPaths(["b/x/demix-set.json", "b/demix-set.json", "a/y/demix-set.json"]).sets).toEqual([
    "b",
    "a/y",
    "b/x",
  ]);
  expect(checkpointPaths([])).toEqual({ sets: [], checkpoints: [] });
});

it("refuses a folder of too many files, and one that cannot be read", async () => {
  const many = Array.from({ length: 20_001 }, (_, i) => ({ path: `${i}`, file: new File([], `${i}`) }));
  const huge = await findCheckpoints({ name: "home", ref: { kind: "files", name: "home", files: many } });
  expect(huge.ok ? "" : sentence(huge.problem)).toContain("home: has more than 20000 files.");
  const closed = memoryDirectory("closed", {});
  Object.assign(closed, {
    entries: () => {
      throw new DOMException("no", "NotAllowedError");
    },
  });
  const refused = await findCheckpoints({ name: "closed", ref: { kind: "handle", handle: closed } });
  expect(refused.ok ? "" : sentence(refused.problem)).toContain("its files cannot be listed");
});

it("takes loose files as one folder", () => {
  const folder = folderOfFiles([new File(["{}"], "config.json"), new File(["w"], "model.safetensors")]);
  expect(folder).toMatchObject({ name: "chosen files", ref: { kind: "files" } });
  expect(folder?.ref.kind === "files" && folder.ref.files.map(({ path }) => path)).toEqual([
    "config.json",
    "model.safetensors",
  ]);
  expect(folderOfFiles([])).toBeNull();
});

const item = (parts: object): DataTransferItem =>
  ({
    kind: "file",
    getAsFile: () => null,
    webkitGetAsEntry: () => null,
    ...parts,
  }) as unknown as DataTransferItem;

/** An entry as browsers without handles give it, at most two children at a time. */
function entry(name: string, tree: object | string): object {
  if (typeof tree === "string")
    return { name, isDirectory: false, file: (take: (file: File) => void) => take(new File([tree], name)) };
  const children = Object.entries(tree).map(([child, value]) => entry(child, value));
  const readEntries = (take: (entries: object[]) => void) => take(children.splice(0, 2));
  return { name, isDirectory: true, createReader: () => ({ readEntries }) };
}

it("takes dropped folders by their handles, else by their entries, and loose files", async () => {
  const handle = memoryDirectory("one", MODEL);
  const folders = await droppedFolders([
    item({ getAsFileSystemHandle: async () => handle }),
    item({ webkitGetAsEntry: () => entry("two", { ...MODEL, deep: { a: "", b: "", c: "" } }) }),
    item({ getAsFile: () => new File(["{}"], "demix-set.json") }),
    item({ kind: "string" }),
  ]);
  expect(folders.map(({ name, ref }) => [name, ref.kind])).toEqual([
    ["one", "handle"],
    ["two", "files"],
    ["chosen files", "files"],
  ]);
  const two = folders[1]!.ref;
  expect(two.kind === "files" && two.files.map(({ path }) => path)).toEqual([
    "config.json",
    "model.safetensors",
    "deep/a",
    "deep/b",
    "deep/c",
  ]);
});

it("says that a folder has to be chosen again where it was not kept", async () => {
  expect(await rememberFolder("files", folderOfFiles([new File([], "a")])!)).toBe(false);
  expect(await rememberedFolder("files")).toEqual({
    state: "choose",
    why: 'This browser does not know the folder "files": choose it again.',
  });
  await forgetFolder("files");
  expect(await rememberedNames()).toEqual([]);
});
