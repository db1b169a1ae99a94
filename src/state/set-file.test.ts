import { expect, it } from "vitest";
import { setSpecText } from "../core/checkpoint/set-spec";
import { tinySpec } from "../core/checkpoint/tiny-set";
import { memoryDirectory } from "../runtime/sources/memory-directory.fixture";
import { folderWithin, readSetFile, readSetIn } from "./set-file";

const spec = tinySpec(["general", "code"]);
const sources = ["local:runs/base", "hf://team/general@v1", "https://host/code/"] as const;
const mixed = setSpecText({
  ...spec,
  base: { ...spec.base, source: sources[0] },
  components: spec.components.map((c, i) => ({ ...c, source: sources[i + 1]! })),
});
const chosen = (path: string) => ({ path, file: new File(["{}"], path.split("/").at(-1)!) });

async function read(...given: Parameters<typeof readSetFile>) {
  const result = await readSetFile(...given);
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

it("opens members on the web and the hub, and asks for folders of a disk by their names", async () => {
  const set = await read(mixed, "demix-set.json", null, "hf_secret");
  expect(set.folders).toEqual({
    general: { kind: "hub", repo: "team/general", revision: "v1", token: "hf_secret" },
    code: { kind: "http", url: "https://host/code/" },
  });
  expect(set.missing).toEqual([{ id: "base", label: "Base", folder: "runs/base" }]);
  expect(set.text).not.toContain("hf_secret");
});

it("finds relative members beside the set file: among files, in a folder, at an address", async () => {
  const text = setSpecText(spec);
  const files = {
    kind: "files",
    name: "set",
    files: [chosen("base/config.json"), chosen("code/config.json")],
  } as const;
  const among = await read(text, "demix-set.json", files);
  expect(among.missing.map((m) => m.id)).toEqual(["general"]);
  expect(among.folders.code).toMatchObject({
    kind: "files",
    name: "set/code",
    files: [{ path: "config.json" }],
  });
  const handle = memoryDirectory("set", { base: {}, general: {}, code: {}, "demix-set.json": text });
  const inside = await readSetIn({ kind: "handle", handle }, "set");
  expect(inside.ok && inside.value.missing).toEqual([]);
  const web = await read(text, "demix-set.json", { kind: "http", url: "https://host/set/" });
  expect(web.folders.code).toEqual({ kind: "http", url: "https://host/set/code/" });
});

it("asks for every folder of a relative set file that came alone", async () => {
  const alone = await read(setSpecText(spec), "demix-set.json", null);
  expect(alone.missing.map((m) => m.folder)).toEqual(["base/", "general/", "code/"]);
});

it("says what is wrong with a set file", async () => {
  const broken = await readSetFile("{}", "mine.json", null);
  expect(broken.ok ? "" : broken.problem.file).toBe("mine.json");
  expect(await folderWithin({ kind: "hub", repo: "a/b", revision: "main" }, "code")).toBeNull();
});
