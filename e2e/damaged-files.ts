import { setFile } from "./demo-files";

/** Ways in which a set's files arrive broken; each gives the bytes that the server would send. */
export const weightsOf = (component: string): Buffer => setFile(`${component}/model.safetensors`);

export const truncated = (component: string): Buffer => {
  const whole = weightsOf(component);
  return whole.subarray(0, Math.floor(whole.length / 2));
};

export const noSafetensors = (): Buffer =>
  Buffer.from("PK\u0003\u0004 this is a zip archive, by its looks".repeat(40));

/** The first eight bytes claim a header of 2^60 bytes. */
export function absurdHeader(component: string): Buffer {
  const bytes = Buffer.from(weightsOf(component));
  bytes.writeBigUInt64LE(2n ** 60n, 0);
  return bytes;
}

interface Entry {
  readonly dtype: string;
  readonly data_offsets: readonly [number, number];
}

/** Sets a value in the middle of a tensor to NaN; gives the tensor's name. */
export function withNaN(component: string): { bytes: Buffer; tensor: string } {
  const bytes = Buffer.from(weightsOf(component));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, Entry>;
  const tensor = "model.layers.1.mlp.up_proj.weight";
  const { dtype, data_offsets } = header[tensor]!;
  const width = { F32: 4, F16: 2, BF16: 2 }[dtype]!;
  const values = (data_offsets[1] - data_offsets[0]) / width;
  const at = 8 + length + data_offsets[0] + Math.floor(values / 2) * width;
  if (width === 4) bytes.writeUInt32LE(0x7fc00000, at);
  else bytes.writeUInt16LE(dtype === "F16" ? 0x7e00 : 0x7fc0, at);
  return { bytes, tensor };
}

/** One mantissa bit of one weight is another: still a healthy checkpoint, but not the one that the set names. */
export function oneBitOff(component: string): Buffer {
  const bytes = Buffer.from(weightsOf(component));
  bytes[bytes.length - 2] = bytes[bytes.length - 2]! ^ 1;
  return bytes;
}

/** A config.json with other values in it. */
export const otherConfig = (component: string, change: Record<string, unknown>): string =>
  JSON.stringify({ ...JSON.parse(setFile(`${component}/config.json`).toString()), ...change });

/** A tokenizer.json in which two tokens have changed places. */
export function otherTokenizer(component: string): string {
  const tokenizer = JSON.parse(setFile(`${component}/tokenizer.json`).toString()) as {
    model: { vocab: Record<string, number> };
  };
  const { vocab } = tokenizer.model;
  const [a, b] = Object.keys(vocab).slice(-2) as [string, string];
  [vocab[a], vocab[b]] = [vocab[b]!, vocab[a]!];
  return JSON.stringify(tokenizer);
}
