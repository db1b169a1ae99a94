import { ok, type Result } from "../result";
import type { Blueprint } from "./blueprint";
import { buildModel } from "./build-model";
import { ConfigFields, ConfigRefusal, type Fields, notComputed, show, wrong } from "./config-fields";
import type { DecoderModel } from "./decoder-model";
import { gemma2 } from "./families/gemma2";
import { gptNeox } from "./families/gpt-neox";
import { gpt2 } from "./families/gpt2";
import { granite } from "./families/granite";
import { llama } from "./families/llama";
import { mistral } from "./families/mistral";
import { olmo2 } from "./families/olmo2";
import { phi3 } from "./families/phi3";
import { qwen2 } from "./families/qwen2";
import { qwen3 } from "./families/qwen3";
import { smollm3 } from "./families/smollm3";
import { withoutPrefix } from "./without-prefix";

interface Family {
  /** Class of transformers that config.json names. */
  readonly architecture: string;
  readonly read: (fields: ConfigFields) => Blueprint;
}

/** Every family that is computed here, by the model_type of config.json. */
const FAMILIES: Readonly<Record<string, Family>> = {
  qwen3: { architecture: "Qwen3ForCausalLM", read: qwen3 },
  qwen2: { architecture: "Qwen2ForCausalLM", read: qwen2 },
  llama: { architecture: "LlamaForCausalLM", read: llama },
  mistral: { architecture: "MistralForCausalLM", read: mistral },
  gpt2: { architecture: "GPT2LMHeadModel", read: gpt2 },
  gpt_neox: { architecture: "GPTNeoXForCausalLM", read: gptNeox },
  olmo2: { architecture: "Olmo2ForCausalLM", read: olmo2 },
  smollm3: { architecture: "SmolLM3ForCausalLM", read: smollm3 },
  phi3: { architecture: "Phi3ForCausalLM", read: phi3 },
  granite: { architecture: "GraniteForCausalLM", read: granite },
  gemma2: { architecture: "Gemma2ForCausalLM", read: gemma2 },
};

/**
 * Reads a parsed config.json. A value that the decoder cannot honour is refused by its field's name; a missing optional
 * field takes the default of transformers' config class. `has` tells which tensors the checkpoint holds: names may lack the
 * prefix of the model without its head, as in gpt2's own.
 */
export function decoderOf(
  json: unknown,
  file: string,
  has?: (tensor: string) => boolean,
): Result<DecoderModel> {
  try {
    if (typeof json !== "object" || json === null || Array.isArray(json))
      return wrong("its JSON is no object.");
    const blueprint = read(json as Fields);
    const bare = blueprint.embedding.slice(blueprint.prefix.length);
    const unprefixed = has && !has(blueprint.embedding) && has(bare);
    return ok(buildModel(unprefixed ? withoutPrefix(blueprint) : blueprint));
  } catch (error) {
    if (error instanceof ConfigRefusal) return { ok: false, problem: error.problem(file) };
    throw error;
  }
}

function read(json: Fields): Blueprint {
  const fields = new ConfigFields(json);
  const type = fields.raw("model_type");
  const family = typeof type === "string" && Object.hasOwn(FAMILIES, type) ? FAMILIES[type] : undefined;
  if (!family)
    return notComputed(`model_type is ${show(type)}; computed are ${Object.keys(FAMILIES).join(", ")}.`);
  const names = fields.raw("architectures");
  const known = names === undefined || names === null;
  if (!known && !(Array.isArray(names) && names.includes(family.architecture)))
    notComputed(`architectures is ${show(names)}, not ["${family.architecture}"].`);
  if (fields.has("quantization_config"))
    notComputed("quantization_config is set; quantized weights cannot be merged.");
  const blueprint = family.read(fields);
  fields.finish();
  return blueprint;
}
