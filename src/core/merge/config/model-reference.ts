import { quote } from "../../checkpoint/strict-json";
import type { YamlMap, YamlNode } from "./read-yaml";
import { Refusal } from "./refusal";

/** A model as mergekit's ModelReference names it. */
export interface ModelReference {
  /** Folder, absolute or relative to the configuration file. */
  readonly path: string;
  /** Only in exports, where `path` is a Hugging Face repository "owner/name": what is read lies on local disk. */
  readonly revision?: string;
  /** Folder of a PEFT adapter that is merged into the model first; null for none. */
  readonly lora: string | null;
}

export const sameModel = (a: ModelReference, b: ModelReference): boolean =>
  a.path === b.path && a.lora === b.lora;

/** What messages and random masks call a model: "path", or "path+lora". */
export const modelName = ({ path, lora }: ModelReference): string =>
  lora === null ? path : `${path}+${lora}`;

/**
 * A model in a configuration: "path" or "path+lora", or a mapping of `model` and `lora`, each a path or a mapping with
 * `path`. A path with "+" or "@" needs the mapping.
 */
export function readModelReference({ value, line }: YamlNode, place: string): ModelReference {
  if (typeof value === "string") {
    const [path, lora, ...more] = value.split("+");
    if (more.length > 0)
      refuse(line, `${place} has more than one "+"; one separates a model from its adapter.`, MAPPING);
    return {
      path: folder(path!, line, place),
      lora: lora === undefined ? null : folder(lora, line, `the adapter of ${place}`),
    };
  }
  const parts = mapping(value, line, place, ["model", "lora"]);
  const model = parts.get("model");
  if (!model) return refuse(line, `${place} has no model.`, `Write it as "model: {path: …}".`);
  const lora = parts.get("lora");
  return {
    path: readPath(model, place),
    lora: !lora || lora.value === null ? null : readPath(lora, `the adapter of ${place}`),
  };
}

function readPath({ value, line }: YamlNode, place: string): string {
  if (typeof value === "string") return folder(value, line, place);
  const parts = mapping(value, line, place, ["path"]);
  const path = parts.get("path")?.value;
  if (typeof path !== "string") return refuse(line, `${place} has no path.`, "Name its folder as text.");
  return printable(path, line, place);
}

const MAPPING = 'Write such a folder as "model: {model: {path: …}}".';

function folder(text: string, line: number, place: string): string {
  if (text.includes("@"))
    refuse(
      line,
      `${place} asks for a revision, ${quote(text)}; folders have none.`,
      `Download that revision and name its folder. ${MAPPING}`,
    );
  return printable(text, line, place);
}

function printable(path: string, line: number, place: string): string {
  if (path === "") refuse(line, `${place} names no folder.`, "Name the folder of the model.");
  if (/\p{Cc}|\p{Surrogate}/u.test(path))
    refuse(line, `${place} has a control character in its name.`, "Rename the folder.");
  return path;
}

function mapping(value: YamlNode["value"], line: number, place: string, known: readonly string[]): YamlMap {
  if (!(value instanceof Map))
    return refuse(line, `${place} is no text.`, "Put the folder's name in quotes.");
  for (const [key, node] of value as YamlMap)
    if (!known.includes(key))
      refuse(
        node.line,
        `${quote(key)} of ${place} is not supported.`,
        key === "revision"
          ? "Download that revision and name its folder."
          : `Remove it; ${known.join(" and ")} can stand there.`,
      );
  return value as YamlMap;
}

function refuse(line: number, message: string, remedy: string): never {
  throw new Refusal(`line ${line}: ${message}`, remedy);
}
