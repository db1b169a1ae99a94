import { quote } from "../checkpoint/quote";
import { readYaml, type YamlNode } from "../merge/config/read-yaml";
import { fail, ok, type Result } from "../result";

/** A dropped file's name (its path where a folder was dropped) and text. */
export interface YamlFile {
  readonly name: string;
  readonly text: string;
}

export type Config = Readonly<Record<string, unknown>>;

const MAX_INCLUDES = 32;
const FUNCTION =
  "Give the data file the fields that the function would make, and name them in the field, or write a Jinja template there.";

/** One YAML file as plain values; `!function` and other tags are refused by name. */
export function readConfigFile({ name, text }: YamlFile): Result<Config> {
  const calls = /^[ \t]*-?[ \t]*([\w-]+)[ \t]*:[ \t]*(!\w+)[ \t]*([^\s#]*)/m.exec(text);
  const yaml = readYaml(text, name, "task file");
  if (!yaml.ok) {
    if (!yaml.problem.message.includes("the tag ") || !calls)
      return { ok: false, problem: { ...yaml.problem, kind: "bad-task" } };
    const [, field, tag, target] = calls;
    return fail(
      "bad-task",
      `"${field}" is ${quote(`${tag} ${target}`)}: Python code of a task is not run here.`,
      {
        file: name,
        remedy: FUNCTION,
      },
    );
  }
  const value = plainValue(yaml.value);
  if (!value.ok) return { ok: false, problem: { ...value.problem, file: name } };
  if (typeof value.value !== "object" || value.value === null || Array.isArray(value.value))
    return fail("bad-task", "holds no fields.", {
      file: name,
      remedy: "Choose the YAML file of an lm-eval task.",
    });
  return ok(value.value as Config);
}

/** A file with what it includes: later includes win over earlier ones, its own fields over all. */
export function readConfig(
  file: YamlFile,
  files: readonly YamlFile[],
  seen: ReadonlySet<string> = new Set(),
): Result<Config> {
  const own = readConfigFile(file);
  if (!own.ok) return own;
  const { include, ...fields } = own.value;
  if (include === undefined) return own;
  const bad = (message: string, remedy: string) => fail("bad-task", message, { file: file.name, remedy });
  if (seen.has(file.name)) return bad("it includes itself.", "Take one of the includes out.");
  if (seen.size > MAX_INCLUDES) return bad("its includes go too deep.", "Write the fields into one file.");
  const names = Array.isArray(include) ? include : [include];
  let merged: Config = {};
  for (const name of names) {
    const found = files.find((f) => baseName(f.name) === baseName(String(name)));
    if (!found)
      return bad(
        `it includes ${quote(String(name))}, which is not among the files.`,
        "Drop that file in too.",
      );
    const included = readConfig(found, files, new Set([...seen, file.name]));
    if (!included.ok) return included;
    const { task_list: _, ...rest } = included.value;
    merged = { ...merged, ...rest };
  }
  return ok({ ...merged, ...fields });
}

export const baseName = (path: string): string => path.slice(path.search(/[^/\\]*$/));

function plainValue(node: YamlNode): Result<unknown> {
  const { value } = node;
  if (value instanceof Map) {
    const entries: [string, unknown][] = [];
    for (const [key, inner] of value) {
      const plain = plainValue(inner as YamlNode);
      if (!plain.ok) return plain;
      entries.push([key as string, plain.value]);
    }
    return ok(Object.fromEntries(entries));
  }
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const inner of value as readonly YamlNode[]) {
      const plain = plainValue(inner);
      if (!plain.ok) return plain;
      items.push(plain.value);
    }
    return ok(items);
  }
  if (typeof value === "object" && value !== null && "unsupported" in value)
    return fail("bad-task", `line ${node.line}: it holds ${String(value.unsupported)}.`, {
      remedy: "Put it in quotes.",
    });
  return ok(value);
}
