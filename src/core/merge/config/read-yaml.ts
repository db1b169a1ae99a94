import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap } from "yaml";
import { quote } from "../../checkpoint/strict-json";
import type { Result } from "../../result";
import { type ComposedYaml, composeYaml } from "./compose-yaml";
import { plainScalar, type Unsupported } from "./plain-scalar";
import { Refusal, refusable } from "./refusal";

/** Mappings are Maps, so that a key such as `__proto__` is a key like any other. */
export type YamlMap = ReadonlyMap<string, YamlNode>;

/** A value and the line, from 1, on which it begins. */
export interface YamlNode {
  readonly value: null | boolean | number | string | readonly YamlNode[] | YamlMap | Unsupported;
  readonly line: number;
}

/** Values of a file when every alias is replaced by what it stands for, and aliases in it. */
const MAX_VALUES = 50_000;
const MAX_ALIASES = 1000;

/**
 * One YAML document as mergekit reads it, through PyYAML's safe loader. Refused, although PyYAML reads them: tags, keys that
 * occur twice or are no text, merges that overlap, and whatever passes the limits on length, depth and aliases.
 */
export function readYaml(text: string, file: string, what = "merge configuration"): Result<YamlNode> {
  return refusable("bad-file", file, () => {
    const yaml = composeYaml(text, what);
    return new Reader(yaml).node(yaml.root);
  });
}

/** An anchor's node and how many values it stands for; "open" while the node itself is being read. */
type Anchor = "open" | { readonly node: YamlNode; readonly values: number };

class Reader {
  private readonly anchors = new Map<string, Anchor>();
  private values = 0;
  private aliases = 0;

  constructor(private readonly yaml: ComposedYaml) {}

  node(node: ParsedNode): YamlNode {
    const line = this.yaml.lineAt(node.range[0]);
    if (isAlias(node)) return this.alias(node.source, line);
    const { anchor } = node;
    // PyYAML ends an anchor's name at any other character.
    if (anchor && /[^\w-]/.test(anchor)) refuse(line, `the anchor &${anchor} is no plain word.`);
    if (anchor && this.anchors.has(anchor))
      refuse(line, `the anchor &${anchor} is set twice.`, "Rename one of them.");
    if (anchor) this.anchors.set(anchor, "open");
    const before = this.values;
    this.count(1, line);
    const read = { value: this.value(node, line), line };
    if (anchor) this.anchors.set(anchor, { node: read, values: this.values - before });
    return read;
  }

  private alias(name: string, line: number): YamlNode {
    const anchor = this.anchors.get(name);
    if (!anchor) refuse(line, `the alias *${name} has no anchor before it.`);
    if (anchor === "open") refuse(line, `the alias *${name} stands inside what it repeats.`);
    if (++this.aliases > MAX_ALIASES) refuse(line, `it has more than ${MAX_ALIASES} aliases.`, WRITE_OUT);
    this.count(anchor.values, line);
    return { value: anchor.node.value, line };
  }

  private value(node: ParsedNode, line: number): YamlNode["value"] {
    if (isMap(node)) return this.map(node);
    if (isSeq(node)) return node.items.map((item) => this.node(item as ParsedNode));
    if (!isScalar(node)) return null;
    const text = String(node.value);
    if (node.type === "PLAIN") {
      // In a list or mapping in brackets PyYAML takes "?" for the sign of a key.
      if (text.startsWith("?")) refuse(line, `${quote(text)} begins with "?".`, "Put it in quotes.");
      return plainScalar(text);
    }
    // PyYAML adds no line break to a block that ends with the file.
    const unended = node.type?.startsWith("BLOCK") && node.range[1] >= this.yaml.openEnd;
    return unended ? text.replace(/\n$/, "") : text;
  }

  private map(node: YAMLMap.Parsed): YamlMap {
    const own = new Map<string, YamlNode>();
    let merged: YamlMap = new Map();
    let merges = 0;
    for (const { key, value } of node.items) {
      const at = this.yaml.lineAt(key.range[0]);
      const read: YamlNode = value ? this.node(value) : { value: null, line: at };
      if (isScalar(key) && key.type === "PLAIN" && key.value === "<<") {
        if (merges++) refuse(at, 'the key "<<" occurs twice.', 'Give "<<" a list.');
        merged = mergeMaps(read);
        this.count(merged.size, at);
        continue;
      }
      const name = this.node(key).value;
      if (typeof name !== "string")
        refuse(at, "a key is no text.", "Put it in quotes, or correct the indentation.");
      if (own.has(name)) refuse(at, `the key ${quote(name)} occurs twice.`, "Leave one of them.");
      own.set(name, read);
    }
    return new Map([...merged, ...own]);
  }

  private count(values: number, line: number): void {
    this.values += values;
    if (this.values > MAX_VALUES)
      refuse(line, `up to here it stands for more than ${MAX_VALUES} values.`, WRITE_OUT);
  }
}

const WRITE_OUT = "Write a shorter file, with fewer aliases.";

/** What `<<` brings in. Where several mappings share a key PyYAML's choice is not YAML's, so that is refused. */
function mergeMaps({ value, line }: YamlNode): YamlMap {
  const merged = new Map<string, YamlNode>();
  for (const part of Array.isArray(value) ? (value as readonly YamlNode[]) : [{ value, line }]) {
    if (!(part.value instanceof Map)) refuse(line, '"<<" takes a mapping, or a list of mappings.');
    for (const [key, own] of part.value as YamlMap) {
      if (merged.has(key))
        refuse(line, `"<<" merges two mappings with the key ${quote(key)}.`, "Write it out.");
      merged.set(key, own);
    }
  }
  return merged;
}

function refuse(line: number, message: string, remedy = "Correct the YAML there."): never {
  throw new Refusal(`line ${line}: ${message}`, remedy);
}
