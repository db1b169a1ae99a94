import { quote, shorten } from "../../checkpoint/strict-json";
import { type MergeMethod, type MergeParameter, settingProblem } from "../merge-method";
import { DENSITY, rescale } from "../parameters";
import { coerceScalar } from "./coerce-scalar";
import {
  type Condition,
  type ScalarOrGradient,
  type Setting,
  type Settings,
  takesWeight,
} from "./merge-config";
import type { YamlMap, YamlNode } from "./read-yaml";
import { Refusal } from "./refusal";

/** `weight` as a parameter: the registry keeps it apart, since a mixture sets it. */
const WEIGHT: MergeParameter = {
  name: "weight",
  label: "Weight",
  help: "Weight of a model.",
  unit: "",
  kind: "number",
  min: -Number.MAX_VALUE,
  max: Number.MAX_VALUE,
  default: 1,
  scope: "model",
};

/** Every parameter that a configuration can set for a method. */
export const configParameters = (method: MergeMethod): readonly MergeParameter[] =>
  takesWeight(method) ? [WEIGHT, ...method.parameters] : method.parameters;

const INT8_MASK: MergeParameter = {
  ...WEIGHT,
  name: "int8_mask",
  kind: "switch",
  min: 0,
  max: 1,
  scope: "merge",
};

/**
 * Parameters that mergekit reads and no merged value depends on: int8_mask is about memory, and task arithmetic selects no
 * entries that a density could count or a rescaling make up for.
 */
export const idleParameters = (method: MergeMethod): readonly MergeParameter[] =>
  method.name === "task_arithmetic" ? [INT8_MASK, DENSITY, rescale(false)] : [INT8_MASK];

/** A `parameters` mapping of the whole merge, or with `scope` "model" of one model. */
export function readSettings(
  node: YamlNode | undefined,
  place: string,
  method: MergeMethod,
  scope: MergeParameter["scope"],
  note: (sentence: string) => void,
): Settings {
  if (!node || node.value === null) return {};
  if (!(node.value instanceof Map)) refuse(node, `${place} is no mapping.`, "Write it as names and values.");
  const known = configParameters(method);
  const idle = idleParameters(method);
  const settings: [string, Setting][] = [];
  for (const [name, value] of node.value as YamlMap) {
    const at = `${place}.${shorten(name)}`;
    const parameter = [...known, ...idle].find((p) => p.name === name);
    if (!parameter)
      refuse(value, `${at}: ${unknownParameter(name, method, known)}`, "Remove it, or correct the name.");
    if (scope === "model" && parameter.scope === "merge")
      refuse(
        value,
        `${at}: ${method.name} has ${name} once for the whole merge, so it would be ignored here.`,
        `Move it to the parameters at the top level.`,
      );
    const setting = readSetting(value, at, parameter);
    if (idle.includes(parameter)) note(`${at} has no effect on the result of ${method.name} and is ignored.`);
    else settings.push([name, setting]);
  }
  return Object.fromEntries(settings);
}

function unknownParameter(name: string, method: MergeMethod, known: readonly MergeParameter[]): string {
  if (name === "weight" && method.weighted)
    return `mergekit's ${method.name} has no weights; every model counts the same.`;
  const names = known.map((p) => p.name).join(", ");
  return `${method.name} has no parameter ${quote(name)}${names ? `; it has ${names}` : ""}.`;
}

function readSetting(node: YamlNode, place: string, parameter: MergeParameter): Setting {
  const { value } = node;
  if (value instanceof Map) return { conditions: [readCondition(node, place, parameter)] };
  if (Array.isArray(value)) {
    const items = value as readonly YamlNode[];
    const mappings = items.filter((item) => item.value instanceof Map).length;
    if (mappings > 0 && mappings < items.length)
      refuse(node, `${place} mixes values and conditions.`, 'Give every entry of the list a "value".');
    if (mappings > 0)
      return { conditions: items.map((item, i) => readCondition(item, `${place}[${i}]`, parameter)) };
  }
  return readScalarOrGradient(node, place, parameter);
}

function readCondition(node: YamlNode, place: string, parameter: MergeParameter): Condition {
  const parts = node.value as YamlMap;
  for (const [key, part] of parts)
    if (key !== "filter" && key !== "value")
      refuse(
        part,
        `${place}: a condition has no ${quote(key)}.`,
        "It has filter and value; remove the rest.",
      );
  const filter = parts.get("filter");
  const text = filter?.value ?? null;
  if (filter && text !== null && typeof text !== "string")
    refuse(filter, `${place}.filter is no text.`, "Put it in quotes.");
  const value = parts.get("value");
  if (!value) return refuse(node, `${place} has no value.`, 'Give the condition a "value".');
  return { filter: text as string | null, value: readScalarOrGradient(value, `${place}.value`, parameter) };
}

function readScalarOrGradient(node: YamlNode, place: string, parameter: MergeParameter): ScalarOrGradient {
  if (Array.isArray(node.value))
    return (node.value as readonly YamlNode[]).map((item, i) =>
      readScalar(item, `${place}[${i}]`, parameter),
    );
  return readScalar(node, place, parameter);
}

const KINDS = { switch: "true or false", number: "a number", integer: "a whole number" } as const;

function readScalar(node: YamlNode, place: string, parameter: MergeParameter): number {
  const { value } = node;
  const number =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? coerceScalar(value, parameter.kind)
      : null;
  if (number === null) return refuse(node, `${place} is not ${KINDS[parameter.kind]}.`, "Correct the value.");
  const problem = settingProblem(parameter, number);
  if (problem) refuse(node, `${place}: ${problem}.`, "Choose a value in that range.");
  return number;
}

function refuse({ line }: YamlNode, message: string, remedy: string): never {
  throw new Refusal(`line ${line}: ${message}`, remedy);
}
