import { expect, it } from "vitest";
import { isReadable } from "../checkpoint/dtype";
import {
  openSafetensors,
  readRaw,
  readStored,
  readTensor,
  type SafetensorsFile,
} from "../checkpoint/safetensors";
import { type CountingSource, countingSource } from "./counting-source";
import { mutatedSafetensors } from "./mutate-safetensors";
import { referenceSafetensors, referenceValues } from "./reference-safetensors";
import { runMutations, tallyText } from "./run-mutations";

const FILE = "model.safetensors";

async function open(bytes: Uint8Array) {
  const source = countingSource(FILE, bytes);
  const opened = await openSafetensors(source);
  expect(source.outside).toEqual([]);
  expect(source.asked).toBeLessThanOrEqual(bytes.length);
  return opened.ok ? { ok: true as const, value: { file: opened.value, source } } : opened;
}

/** Names, dtypes, shapes, metadata and every byte and value are those that the file declares. */
async function compare(
  { file, source }: { file: SafetensorsFile; source: CountingSource },
  bytes: Uint8Array,
) {
  const declared = referenceSafetensors(bytes);
  expect([...file.tensors.keys()].sort()).toEqual([...declared.tensors.keys()].sort());
  expect(file.metadata).toEqual(declared.metadata);
  expect(declared.covered).toBe(declared.dataBytes);
  for (const [name, tensor] of declared.tensors) {
    const info = file.tensors.get(name)!;
    expect([info.dtype, info.shape]).toEqual([tensor.dtype, tensor.shape]);
    const raw = await readRaw(file, name);
    expect(raw.ok && raw.value).toEqual(tensor.data);
    const values = await readTensor(file, name);
    expect(values.ok).toBe(isReadable(tensor.dtype));
    if (!values.ok) continue;
    expect([...values.value]).toEqual(referenceValues(tensor));
    const count = values.value.length;
    const range = { from: Math.floor(count / 3), to: Math.ceil((2 * count) / 3) };
    const part = await readStored(file, name, range);
    const size = count === 0 ? 0 : tensor.data.length / count;
    expect(part.ok && part.value.bytes).toEqual(tensor.data.slice(range.from * size, range.to * size));
  }
  expect(source.outside).toEqual([]);
}

const format = {
  file: /^model\.safetensors$/,
  mutate: mutatedSafetensors,
  read: open,
  compare,
  place: /, tensor .+: |\bheader\b|\bbytes\b|empty name|line \d+, column \d+/,
};

it("4000 damaged safetensors files are read as they declare, or refused", async ({ annotate }) => {
  await annotate(tallyText(await runMutations(format, 4000, 100_000)));
});
