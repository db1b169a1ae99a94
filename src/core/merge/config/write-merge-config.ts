import type { MergeParameter } from "../merge-method";
import { findMethod } from "../registry";
import type { ConfigModel, MergeConfig, ScalarOrGradient, Setting, Settings } from "./merge-config";
import type { ModelReference } from "./model-reference";
import { plainScalar } from "./plain-scalar";
import { configParameters } from "./read-settings";

/**
 * A configuration as YAML for mergekit, which `parseMergeConfig` reads back to the same values; `comments` stand at its
 * head, one a line. RangeError for a method or a parameter that the registry lacks.
 */
export function writeMergeConfig(config: MergeConfig, comments: readonly string[] = []): string {
  const method = findMethod(config.method);
  if (!method.ok) throw new RangeError(`writeMergeConfig: no method ${config.method}`);
  const kinds = new Map(configParameters(method.value).map((p) => [p.name, p.kind]));
  const lines = comments.map((comment) => `# ${comment.replace(/\p{C}/gu, " ").replace(/\s+/g, " ").trim()}`);
  lines.push("models:");
  for (const model of config.models) lines.push(...modelLines(model, kinds));
  lines.push(`merge_method: ${config.method}`);
  if (config.base) lines.push(`base_model: ${reference(config.base)}`);
  lines.push(...settingLines(config.parameters, kinds, ""));
  if (config.dtype) lines.push(`dtype: ${config.dtype}`);
  if (config.outDtype) lines.push(`out_dtype: ${config.outDtype}`);
  return `${lines.join("\n")}\n`;
}

type Kinds = ReadonlyMap<string, MergeParameter["kind"]>;

const modelLines = ({ model, parameters }: ConfigModel, kinds: Kinds): string[] => [
  `  - model: ${reference(model)}`,
  ...settingLines(parameters, kinds, "    "),
];

function settingLines(settings: Settings, kinds: Kinds, indent: string): string[] {
  const entries = Object.entries(settings);
  if (entries.length === 0) return [];
  return [
    `${indent}parameters:`,
    ...entries.flatMap(([name, setting]) => {
      const kind = kinds.get(name);
      if (!kind) throw new RangeError(`writeMergeConfig: no parameter ${name}`);
      return settingValue(setting, kind, indent).map((text, i) =>
        i === 0 ? `${indent}  ${name}:${text && ` ${text}`}` : text,
      );
    }),
  ];
}

/** Text behind the parameter's name, then the lines below it. */
function settingValue(setting: Setting, kind: MergeParameter["kind"], indent: string): string[] {
  if (typeof setting === "number" || !("conditions" in setting)) return [values(setting, kind)];
  return [
    "",
    ...setting.conditions.map(({ filter, value }) => {
      const where = filter === null ? "" : `filter: ${quoted(filter)}, `;
      return `${indent}    - {${where}value: ${values(value, kind)}}`;
    }),
  ];
}

const values = (value: ScalarOrGradient, kind: MergeParameter["kind"]): string =>
  typeof value === "number" ? scalar(value, kind) : `[${value.map((v) => scalar(v, kind)).join(", ")}]`;

const scalar = (value: number, kind: MergeParameter["kind"]): string =>
  kind === "switch" ? `${value === 1}` : yamlNumber(value);

/** Shortest decimal that gives the number back, in a form that YAML 1.1 too takes for a number. */
export function yamlNumber(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /e/.test(text) && !text.includes(".") ? text.replace("e", ".0e") : text;
}

/** A model's name; as a mapping where "+" or "@" in it would mean an adapter or a revision. */
function reference({ path, revision, lora }: ModelReference): string {
  if (revision !== undefined) return yamlText(`${path}@${revision}`);
  const special = /[+@]/.test(`${path}${lora ?? ""}`);
  if (!special) return yamlText(lora === null ? path : `${path}+${lora}`);
  const adapter = lora === null ? "" : `, lora: {path: ${quoted(lora)}}`;
  return `{model: {path: ${quoted(path)}}${adapter}}`;
}

const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\p{Surrogate}]/gu;

/** JSON's escapes are YAML's; characters that YAML cannot hold are escaped as well. */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(UNPRINTABLE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Text that every YAML reader takes for this text: plain where that is safe, else in double quotes. */
export const yamlText = (text: string): string =>
  /^[\w./][\w./-]*$/.test(text) && plainScalar(text) === text ? text : quoted(text);
