import { expect, it } from "vitest";
import { memoryFolder } from "../checkpoint/byte-source";
import { openCheckpoint } from "../checkpoint/sharded";
import { encodeSafetensors, TINY_CONFIG, tinyTensors } from "../checkpoint/tiny-checkpoint";
import { countingSource } from "./counting-source";
import { refusalFault } from "./refusal-fault";
import { timed } from "./timed";

const config = JSON.stringify(TINY_CONFIG);
const weights = encodeSafetensors(tinyTensors(1));
const INDEX = "model.safetensors.index.json";

const withIndex = (weight_map: unknown, shards: Record<string, Uint8Array> = {}) =>
  openCheckpoint(
    memoryFolder("model", { "config.json": config, [INDEX]: JSON.stringify({ weight_map }), ...shards }),
  );

it.each([
  ["../model.safetensors"],
  ["a/../../b.safetensors"],
  ["/etc/passwd.safetensors"],
  ["sub/a.safetensors"],
  ["..\\a.safetensors"],
  ["C:\\a.safetensors"],
  ["\\\\.\\PHYSICALDRIVE0.safetensors"],
  ["https://host/a.safetensors"],
  ["file:///etc/a.safetensors"],
  ["javascript:alert(1)//.safetensors"],
  ["/dev/zero"],
  ["a.safetensors?x=1"],
  ["a.safetensors#x"],
  ["%2e%2e%2fa.safetensors"],
  [" a.safetensors"],
  ["a.safetensors\u0000"],
  ["\u202ea.safetensors"],
  ["a.safetensors\n"],
  [".safetensors"],
  ["..safetensors"],
  ["-a.safetensors"],
  ["a.bin"],
  [""],
  [`${"a".repeat(202)}.safetensors`],
])("an index never leads to %j", async (shard) => {
  const asked: string[] = [];
  const folder = memoryFolder("model", {
    "config.json": config,
    [INDEX]: JSON.stringify({ weight_map: { w: shard } }),
  });
  const read = await openCheckpoint({
    name: folder.name,
    file: (path) => {
      asked.push(path);
      return folder.file(path);
    },
  });
  if (read.ok) throw new Error("it was accepted");
  expect(
    refusalFault(read.problem, /^model\/model\.safetensors\.index\.json$/, /tensor w: the shard "/),
  ).toBeNull();
  expect(asked).not.toContain(shard);
});

it.each(["CON", "NUL", "aux", "COM1", "__proto__", "constructor"])(
  "the shard %s is missing, or a file like any other",
  async (name) => {
    const tensors = tinyTensors(1);
    const map = Object.fromEntries(tensors.map((t) => [t.name, `${name}.safetensors`]));
    const missing = await withIndex(map);
    if (missing.ok) throw new Error("it was accepted");
    expect(refusalFault(missing.problem, /index\.json$/, new RegExp(`the shard ${name}`))).toBeNull();
    const there = await withIndex(map, { [`${name}.safetensors`]: weights });
    expect(there.ok && there.value.tensorNames).toHaveLength(tensors.length);
  },
);

it.each([
  [1_000_000, /more than 400000 values \(line 1, column \d+, in "weight_map"\)/],
  [300_000, /more than 2000 shards/],
])("refuses an index of %i shards within a second", async (count, said) => {
  const entries = Array.from({ length: count }, (_, i) => `"t${i}":"s${i}.safetensors"`);
  const text = `{"weight_map":{${entries.join(",")}}}`;
  const folder = memoryFolder("model", { "config.json": config, [INDEX]: text });
  const cpu = () => process.cpuUsage().user / 1000;
  const { value: read, ms } = await timed(() => openCheckpoint(folder), cpu, 500);
  expect(!read.ok && refusalFault(read.problem, /index\.json$/, said)).toBeNull();
  expect(ms).toBeLessThan(1000);
});

it("refuses names of a million characters in an index", async () => {
  const shard = await withIndex({ w: `${"s".repeat(1_000_000)}.safetensors` });
  expect(!shard.ok && refusalFault(shard.problem, /index\.json$/, /the shard "sss/)).toBeNull();
  const long = await withIndex({ ["n".repeat(1_000_000)]: "a.safetensors" });
  expect(!long.ok && refusalFault(long.problem, /index\.json$/, /1000000 characters/)).toBeNull();
});

it.each([
  ["config.json", 17],
  ["tokenizer_config.json", 17],
  ["generation_config.json", 17],
  ["tokenizer.json", 65],
  [INDEX, 65],
])("does not read a byte of a %s of %i MiB, nor of a terabyte", async (name, mebibytes) => {
  for (const size of [mebibytes * 2 ** 20, 10 ** 12]) {
    const huge = countingSource(name, new Uint8Array(), size);
    const others = memoryFolder(
      "model",
      name === INDEX ? { "config.json": config } : { "config.json": config, "model.safetensors": weights },
    );
    const read = await openCheckpoint({
      name: "model",
      file: async (path) => (path === name ? huge : others.file(path)),
    });
    expect(
      !read.ok && refusalFault(read.problem, new RegExp(`^model/${name}$`), new RegExp(`has ${size} bytes`)),
    ).toBeNull();
    expect(huge.asked).toBe(0);
  }
});
