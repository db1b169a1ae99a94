import { fail, ok, type Result } from "../result";
import type { PlainObject } from "./sharded";
import { quote, shorten } from "./strict-json";

/** What an adapter_config.json says about merging the adapter. */
export interface LoraConfig {
  readonly rank: number;
  readonly alpha: number;
  /** Rank and alpha of modules by pattern, the first that matches. */
  readonly ranks: readonly (readonly [string, number])[];
  readonly alphas: readonly (readonly [string, number])[];
  /** Scale α/√r in place of α/r. */
  readonly rankStabilised: boolean;
  /** Endings of module names, a regular expression of whole names, or null where PEFT chooses by architecture. */
  readonly targets: readonly string[] | string | null;
  readonly excluded: readonly string[] | string | null;
  readonly saved: readonly string[];
  /** Only these layers; null for all. */
  readonly layers: readonly number[] | null;
  readonly layersPatterns: readonly string[];
  readonly fanInFanOut: boolean;
}

/** Say how the adapter was trained or where it is from. */
const HARMLESS: ReadonlySet<string> = new Set([
  ..."peft_version task_type base_model_name_or_path revision auto_mapping inference_mode lora_dropout".split(
    " ",
  ),
  ..."megatron_core qalora_group_size runtime_config eva_config corda_config lora_ga_config loftq_config".split(
    " ",
  ),
]);
/** Read below. */
const KNOWN: ReadonlySet<string> = new Set([
  ..."peft_type r lora_alpha rank_pattern alpha_pattern use_rslora target_modules exclude_modules".split(" "),
  ..."modules_to_save layers_to_transform layers_pattern fan_in_fan_out bias init_lora_weights lora_bias".split(
    " ",
  ),
]);

/** Initialisations that leave the base alone; trained, they merge as any other. */
const PLAIN_INITS: ReadonlySet<unknown> = new Set([
  undefined,
  null,
  true,
  false,
  "gaussian",
  "eva",
  "orthogonal",
]);

class Refusal extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

const MERGE_IT =
  "Merge it with PEFT, then open OUT: python -c \"from peft import AutoPeftModelForCausalLM as M; M.from_pretrained('FOLDER').merge_and_unload().save_pretrained('OUT')\"";
const CORRECT = "Correct adapter_config.json.";

/** Reads a parsed adapter_config.json; a field that PEFT would honour and we cannot is refused by its name. */
export function parseLoraConfig(json: PlainObject, file: string): Result<LoraConfig> {
  try {
    refuseOthers(json);
    return ok({
      rank: rank(json.r ?? 8, "r"),
      alpha: number(json.lora_alpha ?? 8, "lora_alpha"),
      ranks: patterns(json.rank_pattern, "rank_pattern", rank),
      alphas: patterns(json.alpha_pattern, "alpha_pattern", number),
      rankStabilised: flag(json.use_rslora, "use_rslora"),
      targets:
        json.target_modules === undefined || json.target_modules === null
          ? null
          : names(json.target_modules, "target_modules"),
      excluded:
        json.exclude_modules === undefined || json.exclude_modules === null
          ? null
          : names(json.exclude_modules, "exclude_modules"),
      saved: list(json.modules_to_save, "modules_to_save"),
      layers: layers(json.layers_to_transform),
      layersPatterns: list(json.layers_pattern, "layers_pattern").map(plainName),
      fanInFanOut: flag(json.fan_in_fan_out, "fan_in_fan_out"),
    });
  } catch (error) {
    if (error instanceof Refusal) return fail("bad-file", error.message, { file, remedy: error.remedy });
    throw error;
  }
}

function refuseOthers(json: PlainObject): void {
  const { peft_type: type, init_lora_weights: init, bias = "none" } = json;
  if (type !== "LORA")
    throw new Refusal(`peft_type is ${show(type)}; only adapters of type "LORA" are read.`, MERGE_IT);
  if (!PLAIN_INITS.has(init))
    throw new Refusal(`init_lora_weights is ${show(init)}, which may change the base's weights.`, MERGE_IT);
  if (bias !== null && bias !== "none" && bias !== "all" && bias !== "lora_only")
    throw new Refusal(`bias is ${show(bias)}, not "none", "all" or "lora_only".`, CORRECT);
  for (const [field, value] of Object.entries(json))
    if (!HARMLESS.has(field) && !KNOWN.has(field) && !isNothing(value))
      throw new Refusal(`${quote(field)} is ${show(value)}, which is not computed here.`, MERGE_IT);
}

const isNothing = (value: unknown): boolean =>
  value === null ||
  value === false ||
  (typeof value === "object" && Object.keys(value as object).length === 0);

const show = (value: unknown): string => (value === undefined ? "missing" : shorten(JSON.stringify(value)));

function number(value: unknown, field: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new Refusal(`${field} is ${show(value)}, no number.`, CORRECT);
}

function rank(value: unknown, field: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_536) return value;
  throw new Refusal(`${field} is ${show(value)}, no whole number from 1 to 65536.`, CORRECT);
}

function flag(value: unknown, field: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  throw new Refusal(`${field} is ${show(value)}, neither true nor false.`, CORRECT);
}

function patterns(
  value: unknown,
  field: string,
  read: (value: unknown, field: string) => number,
): (readonly [string, number])[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object" || Array.isArray(value))
    throw new Refusal(`${field} is ${show(value)}, no object.`, CORRECT);
  return Object.entries(value).map(([key, entry]) => [key, read(entry, `${field}[${quote(key)}]`)] as const);
}

function names(value: unknown, field: string): readonly string[] | string {
  return typeof value === "string" ? value : list(value, field);
}

function list(value: unknown, field: string): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return value;
  throw new Refusal(`${field} is ${show(value)}, no list of names.`, CORRECT);
}

function layers(value: unknown): readonly number[] | null {
  if (value === undefined || value === null) return null;
  const entries: unknown[] = Array.isArray(value) ? value : [value];
  if (!entries.every((entry): entry is number => Number.isSafeInteger(entry)))
    throw new Refusal(`layers_to_transform is ${show(value)}, no layer numbers.`, CORRECT);
  return entries.length === 0 ? null : entries;
}

function plainName(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  throw new Refusal(`layers_pattern is ${quote(name)}, a pattern that is not read here.`, MERGE_IT);
}
