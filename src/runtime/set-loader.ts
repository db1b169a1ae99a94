import { sha256 } from "../core/canonical";
import type { FolderSource } from "../core/checkpoint/byte-source";
import { readExactly } from "../core/checkpoint/byte-source";
import type { SetInfo } from "../core/checkpoint/component-set";
import { findFile, readText } from "../core/checkpoint/folder-files";
import { measureHealth } from "../core/checkpoint/health";
import { type OpenedComponentSet, openSet } from "../core/checkpoint/open-set";
import type { CallOptions } from "../core/checkpoint/progress";
import { setHash, withSums } from "../core/checkpoint/set-hash";
import { parseSetSpec } from "../core/checkpoint/set-spec";
import { type DecoderShape, qwen3Shape } from "../core/decoder/decoder-shape";
import type { TensorReader } from "../core/merge/merge-plan";
import { fail, ok, type Result } from "../core/result";
import { prepareTasks } from "../core/scoring/layout";
import type { Item } from "../core/scoring/task";
import { parseItems, parseTaskSet } from "../core/scoring/task-files";
import { openTokenizer } from "../core/scoring/tokenizer";
import type { Platform } from "./ort";
import { asReader, ByteBudget, residentCheckpoint } from "./resident-tensors";
import { planScoring, type ScorePlan } from "./score-plan";

/** A set ready to be merged and scored on any backend. */
export interface LoadedSet {
  readonly info: SetInfo;
  readonly shape: DecoderShape;
  /** Base first, then the components. */
  readonly members: readonly TensorReader[];
  readonly plan: ScorePlan;
}

const MB = 2 ** 20;
const DEFAULT_BUDGET = 1024 * MB;

/** Reads a demix-set.json (or the one in a folder) and everything that it names; weights pass once, and stay in memory within `budgetBytes`. */
export async function loadSet(
  platform: Platform,
  setUrl: string,
  options: CallOptions = {},
  budgetBytes = DEFAULT_BUDGET,
): Promise<Result<LoadedSet>> {
  const cut = setUrl.lastIndexOf("/") + 1;
  const home = setUrl.slice(0, cut);
  const file = setUrl.slice(cut) || "demix-set.json";
  const folder = platform.folder(home);
  const text = await requireText(folder, file, 16 * MB, options.signal);
  if (!text.ok) return text;
  const spec = parseSetSpec(text.value.text, text.value.file);
  if (!spec.ok) return spec;
  const opened = await openSet(spec.value, (member) => platform.folder(home + member.source), options);
  if (!opened.ok) return opened;
  const plan = await loadTasks(opened.value, folder, spec.value.tasks, options);
  if (!plan.ok) return plan;
  const budget = new ByteBudget(budgetBytes);
  const set: OpenedComponentSet = {
    ...opened.value,
    base: residentCheckpoint(opened.value.base, budget),
    components: opened.value.components.map(({ member, checkpoint }) => ({
      member,
      checkpoint: residentCheckpoint(checkpoint, budget),
    })),
  };
  const health = await measureHealth(set, options);
  if (!health.ok) return health;
  const sums = new Map(health.value.sums);
  const tokenizer = { "tokenizer.json": await sha256(set.tokenizer) };
  sums.set(set.spec.base.id, { ...sums.get(set.spec.base.id), ...tokenizer });
  const hash = await setHash(withSums(set.spec, sums));
  if (!hash) throw new Error("loadSet: a member has no checksum");
  return ok({
    info: {
      hash,
      spec: set.spec,
      architecture: set.architecture,
      parameters: set.parameters,
      bytes: set.bytes,
      residentBytes: budget.used,
      dtype: set.dtype,
      config: set.base.config,
      health: health.value.health,
      warnings: [...set.warnings, ...health.value.warnings],
    },
    shape: qwen3Shape(set.config),
    members: [set.base, ...set.components.map((c) => c.checkpoint)].map(asReader),
    plan: plan.value,
  });
}

async function loadTasks(
  set: OpenedComponentSet,
  home: FolderSource,
  path: string,
  { signal, onProgress }: CallOptions,
): Promise<Result<ScorePlan>> {
  const { base } = set;
  const tokenizer = openTokenizer({ ...base, tokenizer: set.tokenizer });
  if (!tokenizer.ok) return tokenizer;
  const text = await requireText(home, path, 16 * MB, signal);
  if (!text.ok) return text;
  const tasks = parseTaskSet(text.value.text, text.value.file);
  if (!tasks.ok) return tasks;
  const place = path.slice(0, path.lastIndexOf("/") + 1);
  const items: Item[][] = [];
  for (const [done, spec] of tasks.value.tasks.entries()) {
    onProgress?.({ done, total: tasks.value.tasks.length, unit: "tasks", what: spec.label });
    const file = await findFile(home, place + spec.itemsFile, signal);
    if (!file.ok) return file;
    if (!file.value)
      return fail("bad-task", `the items of the task "${spec.id}" are missing.`, {
        file: place + spec.itemsFile,
        remedy: "Run npm run items, which builds them from the installed packages.",
      });
    const bytes = await readExactly(file.value, 0, file.value.size, signal);
    if (!bytes.ok) return bytes;
    const parsed = await parseItems(bytes.value, spec, file.value.name);
    if (!parsed.ok) return parsed;
    items.push(parsed.value);
  }
  const prepared = await prepareTasks(tasks.value, items, tokenizer.value, set.config.maxPositions);
  return prepared.ok ? ok(planScoring(prepared.value, tokenizer.value)) : prepared;
}

async function requireText(folder: FolderSource, path: string, limit: number, signal?: AbortSignal) {
  const text = await readText(folder, path, limit, signal);
  if (!text.ok) return text;
  if (text.value) return ok(text.value);
  return fail<{ file: string; text: string }>("bad-set", "the file is missing.", {
    file: `${folder.name}/${path}`,
    remedy: "Check the address of the set.",
  });
}
