import * as z from "zod/mini";
import { sha256 } from "../canonical";
import { quote } from "../checkpoint/quote";
import { isObject, parseStrictJson, toPlain } from "../checkpoint/strict-json";
import { explainIssue } from "../explain-issue";
import { fail, ok, type Result } from "../result";
import { hasHiddenCharacters, isPathInside } from "../safe-text";
import type { Item, TaskSetSpec, TaskSpec } from "./task";

const metric = z.enum([
  "acc",
  "acc_norm",
  "gold_prob",
  "gold_ll",
  "gold_margin",
  "token_acc",
  "bits_per_byte",
  "byte_prob",
  "exact_match",
  "target_prob",
  "target_ll",
]);

const name = z.string().check(
  z.minLength(1),
  z.maxLength(200),
  z.refine((s: string) => !hasHiddenCharacters(s), {
    error: "must hold no control characters, line breaks or direction marks",
  }),
);
const path = name.check(
  z.refine(isPathInside, { error: "must be a path relative to the tasks file, without '..'" }),
);
const taskSetSchema = z.object({
  format: z.literal("demix-tasks"),
  version: z.literal(1),
  name,
  domains: z.array(z.object({ id: name, label: name })).check(z.minLength(1), z.maxLength(64)),
  tasks: z
    .array(
      z.object({
        id: name,
        label: name,
        domain: name,
        outputType: z.enum(["multiple_choice", "loglikelihood_rolling", "generate_until"]),
        accuracyMetric: metric,
        continuousMetric: metric,
        about: z.string(),
        itemsFile: path,
        itemsSha256: z.string().check(
          z.refine((s: string) => /^[0-9a-f]{64}$/.test(s), {
            error: "must be 64 lower-case hexadecimal digits",
          }),
        ),
        items: z.int().check(z.gte(1), z.lte(200_000)),
      }),
    )
    .check(z.minLength(1), z.maxLength(1000)),
});

const rolling = z.object({ text: z.string().check(z.minLength(1)) });
const choice = z.object({
  context: z.string(),
  choices: z.array(z.string().check(z.minLength(1))).check(z.minLength(2), z.maxLength(64)),
  gold: z.int().check(z.gte(0)),
});
const generate = z.object({
  context: z.string(),
  target: z.string().check(z.minLength(1)),
  until: z.array(z.string().check(z.minLength(1))),
  maxGenToks: z.int().check(z.gte(1), z.lte(65_536)),
});
const itemSchema = { loglikelihood_rolling: rolling, multiple_choice: choice, generate_until: generate };

const REMEDY = "Correct the file, or make it anew.";
const ITEMS_REMEDY = "Run npm run items, which builds the items from the installed packages.";

function readJson(text: string, file: string, format: string): Result<Record<string, unknown>> {
  const json = parseStrictJson(text, file, { ownFormat: true, remedy: REMEDY });
  if (!json.ok) return { ok: false, problem: { ...json.problem, kind: "bad-task" } };
  const object = isObject(json.value) ? json.value : new Map<string, unknown>();
  if (object.get("format") !== format)
    return fail("bad-task", `its "format" is not "${format}".`, { file, remedy: REMEDY });
  const version = object.get("version");
  if (typeof version === "number" && version > 1)
    return fail("bad-task", `has version ${version}, made by a newer workbench.`, {
      file,
      remedy: "Update the workbench.",
    });
  return ok(toPlain(json.value) as Record<string, unknown>);
}

/** Reads tasks.json, version 1. */
export function parseTaskSet(text: string, file: string): Result<TaskSetSpec> {
  const json = readJson(text, file, "demix-tasks");
  if (!json.ok) return json;
  const parsed = taskSetSchema.safeParse(json.value);
  const bad = (message: string) => fail("bad-task", message, { file, remedy: REMEDY });
  if (!parsed.success) return bad(explainIssue(parsed.error.issues[0]!));
  const domains = new Set(parsed.data.domains.map((d) => d.id));
  const ids = new Set<string>();
  for (const task of parsed.data.tasks) {
    if (ids.has(task.id)) return bad(`two tasks have the id ${quote(task.id)}.`);
    if (!domains.has(task.domain))
      return bad(`the task ${quote(task.id)} names the unknown domain ${quote(task.domain)}.`);
    ids.add(task.id);
  }
  return ok(parsed.data);
}

/** Reads one task's items and checks them against the checksum and count that tasks.json states. */
export async function parseItems(bytes: Uint8Array, spec: TaskSpec, file: string): Promise<Result<Item[]>> {
  const sum = await sha256(bytes);
  if (sum !== spec.itemsSha256)
    return fail(
      "bad-task",
      `its SHA-256 is ${sum.slice(0, 12)}…, tasks.json states ${spec.itemsSha256.slice(0, 12)}….`,
      {
        file,
        remedy: ITEMS_REMEDY,
      },
    );
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("bad-task", "is not valid UTF-8 text.", { file, remedy: REMEDY });
  }
  const json = readJson(text, file, "demix-items");
  if (!json.ok) return json;
  const items = json.value.items;
  if (!Array.isArray(items) || items.length !== spec.items)
    return fail("bad-task", `"items" does not hold the ${spec.items} items that tasks.json states.`, {
      file,
      remedy: REMEDY,
    });
  const schema = itemSchema[spec.outputType];
  const out: Item[] = [];
  for (const [i, item] of items.entries()) {
    const parsed = schema.safeParse(item);
    const bad = (why: string) =>
      fail("bad-task", `item ${i} is no ${spec.outputType} item: ${why}`, { file, remedy: REMEDY });
    if (!parsed.success) return bad(explainIssue(parsed.error.issues[0]!, "it"));
    if ("gold" in parsed.data && parsed.data.gold >= parsed.data.choices.length)
      return bad(`"gold" is ${parsed.data.gold}, but there are ${parsed.data.choices.length} choices.`);
    out.push(parsed.data);
  }
  return ok(out);
}
