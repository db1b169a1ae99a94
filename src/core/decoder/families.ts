import { ok, type Result } from "../result";
import type { Blueprint } from "./blueprint";
import { buildModel } from "./build-model";
import { ConfigFields, ConfigRefusal, type Fields, notComputed, show, wrong } from "./config-fields";
import type { DecoderModel } from "./decoder-model";
import { qwen3 } from "./families/qwen3";

interface Family {
  /** Class of transformers that config.json names. */
  readonly architecture: string;
  readonly read: (fields: ConfigFields) => Blueprint;
}

/** Every family that is computed here, by the model_type of config.json. */
const FAMILIES: Readonly<Record<string, Family>> = {
  qwen3: { architecture: "Qwen3ForCausalLM", read: qwen3 },
};

/**
 * Reads a parsed config.json. A value that the decoder cannot honour is refused by its field's name; a missing optional
 * field takes the default of transformers' config class.
 */
export function decoderOf(json: unknown, file: string): Result<DecoderModel> {
  try {
    if (typeof json !== "object" || json === null || Array.isArray(json))
      return wrong("its JSON is no object.");
    return ok(buildModel(read(json as Fields)));
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
  if (names !== undefined && names !== null && !(Array.isArray(names) && names.includes(family.architecture)))
    notComputed(`architectures is ${show(names)}, not ["${family.architecture}"].`);
  if (fields.has("quantization_config"))
    notComputed("quantization_config is set; quantized weights cannot be merged.");
  const blueprint = family.read(fields);
  fields.finish();
  return blueprint;
}
