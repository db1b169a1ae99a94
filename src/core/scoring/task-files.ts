import { sha256 } from "../canonical";
import { quote } from "../checkpoint/quote";
import { isObject, parseStrictJson, toPlain } from "../checkpoint/strict-json";
import { explainIssue } from "../explain-issue";
import { fail, ok, type Result } from "../result";
import type { ChoiceItem, Item, TaskSetSpec, TaskSpec } from "./task";
import { ITEMS, TASK_SETS } from "./task-schema";

const REMEDY = "Correct the file, or make it anew.";
const ITEMS_REMEDY = "Run npm run items, which builds the items from the installed packages.";

type Version = 1 | 2;

function readJson(
  text: string,
  file: string,
  format: string,
): Result<{ json: Record<string, unknown>; version: Version }> {
  const json = parseStrictJson(text, file, { ownFormat: true, remedy: REMEDY });
  if (!json.ok) return { ok: false, problem: { ...json.problem, kind: "bad-task" } };
  const object = isObject(json.value) ? json.value : new Map<string, unknown>();
  if (object.get("format") !== format)
    return fail("bad-task", `its "format" is not "${format}".`, { file, remedy: REMEDY });
  const version = object.get("version");
  if (typeof version === "number" && version > 2)
    return fail("bad-task", `has version ${version}, made by a newer workbench.`, {
      file,
      remedy: "Update the workbench.",
    });
  const plain = toPlain(json.value) as Record<string, unknown>;
  return ok({ json: plain, version: version === 2 ? 2 : 1 });
}

/** Version 2 adds optional fields alone: a set of version 1 is one of version 2 as it stands. */
const fromVersion1 = (set: TaskSetSpec): TaskSetSpec => ({ ...set, version: 2 });

/** Reads tasks.json of version 1 or 2; gives version 2. */
export function parseTaskSet(text: string, file: string): Result<TaskSetSpec> {
  const json = readJson(text, file, "demix-tasks");
  if (!json.ok) return json;
  const parsed = TASK_SETS[json.value.version].safeParse(json.value.json);
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
  const set = parsed.data as TaskSetSpec;
  const unknown = set.groups?.flatMap((g) => g.tasks).find((id) => !ids.has(id));
  if (unknown !== undefined) return bad(`a group names the unknown task ${quote(unknown)}.`);
  return ok(set.version === 1 ? fromVersion1(set) : set);
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
  const { items } = json.value.json;
  if (!Array.isArray(items) || items.length !== spec.items)
    return fail("bad-task", `"items" does not hold the ${spec.items} items that tasks.json states.`, {
      file,
      remedy: REMEDY,
    });
  const schema = ITEMS[json.value.version][spec.outputType];
  const out: Item[] = [];
  for (const [i, item] of items.entries()) {
    const parsed = schema.safeParse(item);
    const bad = (why: string) =>
      fail("bad-task", `item ${i} is no ${spec.outputType} item: ${why}`, { file, remedy: REMEDY });
    if (!parsed.success) return bad(explainIssue(parsed.error.issues[0]!, "it"));
    const read = parsed.data as Item;
    const wrong = "gold" in read ? wrongChoices(read) : null;
    if (wrong) return bad(wrong);
    out.push(read);
  }
  return ok(out);
}

function wrongChoices({ gold, choices, contexts, plain }: ChoiceItem): string | null {
  const n = choices.length;
  const golds = typeof gold === "number" ? [gold] : gold;
  const beyond = golds.find((g) => g >= n);
  if (beyond !== undefined) return `"gold" is ${beyond}, but there are ${n} choices.`;
  if (contexts && contexts.length !== n) return `it has ${contexts.length} contexts, but ${n} choices.`;
  return plain && plain.length !== n ? `it has ${plain.length} plain choices, but ${n} choices.` : null;
}
