import { fail, type Result } from "../result";
import type { Checkpoint, PlainObject } from "./sharded";
import { quote, shorten } from "./strict-json";

const REMEDY =
  "Use the original checkpoint, or dequantise it, then open OUT: python -c \"from transformers import AutoModelForCausalLM as M; m = M.from_pretrained('FOLDER').dequantize(); m.save_pretrained('OUT')\"";

/**
 * Tensors that quantised checkpoints store beside or in place of weights: GPTQ and AWQ (qweight, qzeros, g_idx), bitsandbytes
 * (absmax, quant_map, quant_state, SCB), FP8 and compressed-tensors (weight_scale, weight_packed …), torchao and HQQ.
 */
const NAMES =
  /(^|\.)(qweight|qzeros|g_idx|scb|weight_format|weight\.(absmax|nested_absmax|quant_map|nested_quant_map|quant_state\b.*)|weight_(scale|scale_inv|scale_2|packed|zero_point|shape|global_scale)|(input|output|k|v)_scale|w_q|quant_scale)$/i;

/** Refuses a checkpoint whose weights are quantised: their stored numbers are no weights. Null where they are not. */
export function refuseQuantised(checkpoint: Checkpoint): Result<never> | null {
  const method = methodOf(checkpoint.config);
  if (method !== null)
    return fail("bad-set", `quantization_config is set${method}: quantised weights cannot be merged.`, {
      file: checkpoint.configFile,
      remedy: REMEDY,
    });
  const tensor = checkpoint.tensorNames.find((name) => NAMES.test(name));
  if (tensor === undefined) return null;
  return fail("bad-set", "this tensor belongs to quantised weights, which cannot be merged.", {
    file: checkpoint.info(tensor)?.file ?? checkpoint.name,
    tensor: shorten(tensor),
    remedy: REMEDY,
  });
}

function methodOf({ quantization_config: given }: PlainObject): string | null {
  if (given === undefined || given === null) return null;
  const method =
    typeof given === "object" ? (given as { readonly quant_method?: unknown }).quant_method : undefined;
  return typeof method === "string" ? ` (${quote(method)})` : "";
}
