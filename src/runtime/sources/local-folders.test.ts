import { expect, it } from "vitest";
import { readExactly } from "../../core/checkpoint/byte-source";
import { findFile } from "../../core/checkpoint/folder-files";
import { sentence } from "../../core/result";
import { memoryDirectory } from "./memory-directory.fixture";
import { openFolder } from "./open-folder";

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const file = new File([bytes], "model.safetensors");
const chosen = [
  { path: "model.safetensors", file },
  { path: "deep/config.json", file: new File(["{}"], "config.json") },
];

it.each([
  ["files", openFolder({ kind: "files", name: "mine", files: chosen })],
  [
    "handle",
    openFolder({
      kind: "handle",
      handle: memoryDirectory("mine", { "model.safetensors": file, deep: { "config.json": "{}" } }),
    }),
  ],
])("reads ranges of chosen files (%s)", async (_, folder) => {
  const found = await findFile(folder, "model.safetensors");
  expect(found.ok && found.value?.size).toBe(1000);
  const read = await readExactly(found.ok ? found.value! : (null as never), 100, 300);
  expect(read.ok && [...read.value]).toEqual([...bytes.slice(100, 300)]);
  expect((await folder.file("deep/config.json"))?.size).toBe(2);
  for (const path of [
    "nothing",
    "deep",
    "nowhere/config.json",
    "../model.safetensors",
    "deep/../model.safetensors",
    "",
  ])
    expect(await folder.file(path), path).toBeNull();
});

it("says that a file changed on disk, went away, or may not be read any more", async () => {
  for (const [name, words] of [
    ["NotReadableError", "mine/model.safetensors: changed on disk after it was chosen"],
    ["NotFoundError", "mine/model.safetensors: is no longer on disk. Choose the folder again."],
    ["NotAllowedError", "permission has ended. Give the permission again."],
  ] as const) {
    const broken = new File([bytes], "model.safetensors");
    broken.slice = () =>
      ({ arrayBuffer: () => Promise.reject(new DOMException("no", name)) }) as unknown as Blob;
    const folder = openFolder({
      kind: "files",
      name: "mine",
      files: [{ path: "model.safetensors", file: broken }],
    });
    const read = await readExactly((await folder.file("model.safetensors"))!, 0, 10);
    expect(read.ok ? "" : sentence(read.problem)).toContain(words);
  }
  const closed = memoryDirectory("mine", {});
  closed.getFileHandle = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  const found = await findFile(openFolder({ kind: "handle", handle: closed }), "config.json");
  expect(found.ok ? "" : sentence(found.problem)).toContain("Give the permission again.");
});
