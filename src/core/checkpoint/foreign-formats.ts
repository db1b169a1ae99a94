import { fail, type Result } from "../result";

/** A format of weights that is not read, and the one command or step that makes safetensors of it. */
export interface ForeignFormat {
  readonly what: string;
  readonly remedy: string;
}

const convert = (load: string): string =>
  `Convert it, then open OUT: python -c "from transformers import AutoModelForCausalLM as M; M.from_pretrained(${load}, torch_dtype='auto').save_pretrained('OUT')"`;

const PICKLE: ForeignFormat = {
  what: "holds weights in PyTorch's pickle format, which can run code when it is read",
  remedy: convert("'FOLDER'"),
};

const ADAPTER_PICKLE: ForeignFormat = {
  what: "holds an adapter in PyTorch's pickle format, which can run code when it is read",
  remedy:
    "Convert it, then open OUT: python -c \"from peft import AutoPeftModelForCausalLM as M; M.from_pretrained('FOLDER').save_pretrained('OUT')\"",
};

const GGUF: ForeignFormat = {
  what: "is a GGUF file, most often of quantised weights",
  remedy: `Use the original safetensors checkpoint. ${convert("'FOLDER', gguf_file='NAME.gguf'")}`,
};

const framework = (name: string, flag: string): ForeignFormat => ({
  what: `holds weights of ${name}`,
  remedy: `transformers 4 reads it, version 5 does not. ${convert(`'FOLDER', ${flag}=True`)}`,
});

/** Formats by the names under which their files are found. */
const NAMES: readonly (readonly [RegExp, ForeignFormat])[] = [
  [/^adapter_model\.(bin|pt|pth)$/, ADAPTER_PICKLE],
  [/\.(bin|pt|pth|ckpt|pkl|pickle)(\.index\.json)?$/, PICKLE],
  [/\.gguf$/, GGUF],
  [/\.msgpack$/, framework("Flax", "from_flax")],
  [/\.h5$/, framework("TensorFlow", "from_tf")],
];

/** The format of a weight file that is no safetensors, by its name; null for any other file. */
export const foreignFormat = (path: string): ForeignFormat | null =>
  NAMES.find(([name]) => name.test(path.toLowerCase()))?.[1] ?? null;

/** Names that are looked for where a folder has no safetensors: folders on a server cannot be listed. */
export const FOREIGN_WEIGHTS = [
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
  "adapter_model.bin",
  "model.bin",
  "model.pt",
  "pytorch_model.pt",
  "consolidated.00.pth",
  "model.ckpt",
  "model.gguf",
  "flax_model.msgpack",
  "tf_model.h5",
] as const;

/** What people offer by mistake in a safetensors file's place, by its first bytes; null for anything else. */
export function foreignContent(first: Uint8Array): ForeignFormat | null {
  const text = String.fromCharCode(...first.subarray(0, 8));
  if (text.startsWith("PK"))
    return { what: "is a PyTorch archive, no safetensors file", remedy: PICKLE.remedy };
  if (text.startsWith("GGUF")) return { what: "is a GGUF file, no safetensors file", remedy: GGUF.remedy };
  if (first[0] === 0x80 && first[1]! >= 2 && first[1]! <= 5)
    return { what: "is a pickle, which can run code when it is read", remedy: PICKLE.remedy };
  if (text.startsWith("\x89HDF"))
    return { what: "is an HDF5 file, no safetensors file", remedy: framework("", "from_tf").remedy };
  if (text.startsWith("version "))
    return {
      what: "is a Git LFS pointer, no safetensors file",
      remedy: 'Fetch the real file with "git lfs pull".',
    };
  if (/^\s*<[!h]/i.test(text))
    return {
      what: "is a web page, no safetensors file",
      remedy: "Check the address: it does not serve the file.",
    };
  return null;
}

/** The refusal of a file in a foreign format. */
export const refuseForeign = ({ what, remedy }: ForeignFormat, file: string): Result<never> =>
  fail("bad-file", `${what}.`, { file, remedy });
