import type { Precision } from "../merge/block-ops";
import { ok, type Result } from "../result";
import { type FolderSource, readExactly } from "./byte-source";
import type { WritableDtype } from "./dtype";
import { findFile } from "./folder-files";
import type { ModelFile } from "./model-writer";
import type { PlainObject } from "./sharded";

/** What a Hugging Face folder holds beside weights and config.json; copied as it is. */
const COPIED = [
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
  "vocab.json",
  "merges.txt",
  "tokenizer.model",
  "chat_template.jinja",
  "chat_template.json",
];

export const DTYPE_NAMES: Readonly<Record<WritableDtype, Precision>> = {
  F32: "float32",
  BF16: "bfloat16",
  F16: "float16",
};

/** config.json for weights written in `dtype`, and the files of `folder` that go with them. */
export async function checkpointFiles(
  folder: FolderSource,
  config: PlainObject,
  dtype: WritableDtype,
  signal?: AbortSignal,
): Promise<Result<ModelFile[]>> {
  const files: ModelFile[] = [{ path: "config.json", content: configText(config, dtype) }];
  for (const path of COPIED) {
    const found = await findFile(folder, path, signal);
    if (!found.ok) return found;
    if (!found.value) continue;
    const bytes = await readExactly(found.value, 0, found.value.size, signal);
    if (!bytes.ok) return bytes;
    files.push({ path, content: bytes.value });
  }
  return ok(files);
}

/** Both names of the field are in use: transformers wrote `torch_dtype` before version 5. */
function configText(config: PlainObject, dtype: WritableDtype): string {
  const named = ["dtype", "torch_dtype"].filter((field) => Object.hasOwn(config, field));
  const fields = named.length > 0 ? named : ["torch_dtype"];
  const changed = { ...config, ...Object.fromEntries(fields.map((f) => [f, DTYPE_NAMES[dtype]])) };
  return `${JSON.stringify(changed, null, 2)}\n`;
}
