import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sha256 } from "../../core/canonical";
import { setHash } from "../../core/checkpoint/set-hash";
import { parseSetSpec } from "../../core/checkpoint/set-spec";
import { fail, ok, type Result, sentence } from "../../core/result";
import { writeWhole } from "./runs-output";

const USAGE = `Writes the SHA-256 of every member's weight files, and of the base's tokenizer, into demix-set.json.

  tsx src/engine/node/finish-set.ts --set DIR`;

type Member = Record<string, unknown> & { source: string };

async function sums(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const entries = names.map(async (name) => [name, await sha256(readFileSync(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function main(): Promise<Result<string>> {
  const { values } = parseArgs({ options: { set: { type: "string" } } });
  if (!values.set) return fail("bad-recipe", USAGE);
  const path = join(values.set, "demix-set.json");
  const text = readFileSync(path, "utf8");
  const parsed = parseSetSpec(text, path);
  if (!parsed.ok) return parsed;
  const json = JSON.parse(text) as { base: Member; components: Member[] };
  for (const member of [json.base, ...json.components]) {
    const folder = join(values.set, member.source);
    const weights = readdirSync(folder)
      .filter((name) => name.endsWith(".safetensors"))
      .sort();
    if (weights.length === 0) return fail("bad-set", "has no .safetensors file.", { file: folder });
    member.sha256 = await sums(folder, member === json.base ? [...weights, "tokenizer.json"] : weights);
  }
  const finished = `${JSON.stringify(json, null, 2)}\n`;
  const checked = parseSetSpec(finished, path);
  if (!checked.ok) return checked;
  writeWhole(path, finished);
  return ok(`${path}: set hash ${await setHash(checked.value)}`);
}

const result = await main();
console.log(result.ok ? result.value : sentence(result.problem));
process.exit(result.ok ? 0 : 1);
