import { sha256 } from "../core/canonical";
import type { FolderSource } from "../core/checkpoint/byte-source";
import type { SetInfo, SetMember } from "../core/checkpoint/component-set";
import { readText } from "../core/checkpoint/folder-files";
import { measureHealth } from "../core/checkpoint/health";
import { parseSource } from "../core/checkpoint/member-source";
import { type OpenedComponentSet, openSet } from "../core/checkpoint/open-set";
import type { CallOptions } from "../core/checkpoint/progress";
import { setHash, withSums } from "../core/checkpoint/set-hash";
import { parseSetSpec } from "../core/checkpoint/set-spec";
import type { Checkpoint } from "../core/checkpoint/sharded";
import type { DecoderModel } from "../core/decoder/decoder-model";
import type { BlockOps } from "../core/merge/block-ops";
import type { PlanComponent, TensorReader } from "../core/merge/merge-plan";
import { fail, ok, type Problem, type Result } from "../core/result";
import { openTokenizer, type TextTokenizer } from "../core/scoring/tokenizer";
import type { SetReference, StartOptions } from "../protocol/engine-protocol";
import type { FolderRef } from "../protocol/folder-ref";
import type { TaskBundle } from "../protocol/task-protocol";
import { loadTasks, type PlannedTasks, planTasks, type TasksFolder } from "./load-tasks";
import type { Platform } from "./ort";
import { asReader, ByteBudget, residentCheckpoint } from "./resident-tensors";
import type { OpenFolder } from "./sources/open-folder";
import { isStreamed } from "./streamed/choose-execution";

/** A model that can be scored here, whatever the tasks. */
export interface Scorable {
  readonly model: DecoderModel;
  readonly tokenizer: TextTokenizer;
  /** Longest sequence that the model takes, in tokens. */
  readonly maxLength: number;
}

/** What scores a set, where it can be scored here. */
export interface Scoring extends Scorable, PlannedTasks {}

/** A set ready to be merged, and on any backend scored. */
export interface LoadedSet {
  readonly info: SetInfo;
  readonly opened: OpenedComponentSet;
  readonly base: TensorReader;
  readonly components: readonly PlanComponent[];
  /** Holds the files that go with the base's weights. */
  readonly baseFolder: FolderSource;
  readonly budget: ByteBudget;
  /** Null where the model cannot be scored here. */
  readonly scorable: Scorable | null;
  /** Null where the model or the set's tasks cannot be scored here; `unscored` says why. */
  readonly scoring: Scoring | null;
  readonly unscored: Problem | null;
  /** Lets the cache evict the set's remote files; they are opened again when they are read. */
  close(): void;
}

const MB = 2 ** 20;
const DEFAULT_BUDGET = 1024 * MB;
/** Weight files of this size are read in a second or two: their health is checked at opening. */
const CHECK_AT_OPENING = 512 * MB;

/** Where the parts of a set lie. */
interface SetParts {
  readonly text: string;
  readonly file: string;
  readonly folderOf: (member: SetMember) => FolderSource;
  readonly tasks: (own: string | undefined) => TasksFolder | TaskBundle;
  close(): void;
}

export interface LoadOptions extends CallOptions {
  /** See StartOptions. */
  readonly execution?: StartOptions["execution"];
}

/**
 * Opens a set and what it names. Weights of small sets are read and checked at once and stay in memory within
 * `budgetBytes`; larger ones wait for `checkSet`.
 */
export async function loadSet(
  platform: Platform,
  reference: SetReference,
  ops: BlockOps,
  options: LoadOptions = {},
  budgetBytes = DEFAULT_BUDGET,
): Promise<Result<LoadedSet>> {
  const parts = await setParts(platform, reference, options);
  if (!parts.ok) return parts;
  const loaded = await loadParts(parts.value, ops, options, budgetBytes);
  if (!loaded.ok) parts.value.close();
  return loaded;
}

async function loadParts(
  { text, file, folderOf, tasks, close }: SetParts,
  ops: BlockOps,
  options: LoadOptions,
  budgetBytes: number,
): Promise<Result<LoadedSet>> {
  const spec = parseSetSpec(text, file);
  if (!spec.ok) return spec;
  const opened = await openSet(spec.value, folderOf, { ...options, ops });
  if (!opened.ok) return opened;
  const scorable = openScorable(opened.value);
  const scoring = scorable.ok
    ? await openScoring(scorable.value, tasks(spec.value.tasks), options)
    : scorable;
  if (!scoring.ok && scoring.problem.kind === "cancelled") return scoring;
  // A set that brings tasks of its own is meant to be scored: what is wrong with them is told at once.
  if (!scoring.ok && spec.value.tasks !== undefined) return scoring;
  const budget = new ByteBudget(budgetBytes);
  // What is merged once and written, or too large to be held, needs no weights in memory; else it is merged again and again.
  const held = scorable.ok && !isStreamed(scorable.value.model.parameters, options.execution);
  const keep = (checkpoint: Checkpoint) => (held ? residentCheckpoint(checkpoint, budget) : checkpoint);
  const set: OpenedComponentSet = {
    ...opened.value,
    base: keep(opened.value.base),
    components: opened.value.components.map(({ member, checkpoint }) => ({
      member,
      checkpoint: keep(checkpoint),
    })),
  };
  const loaded: LoadedSet = {
    info: {
      hash: await setHash(set.spec),
      spec: set.spec,
      architecture: set.architecture,
      parameters: set.parameters,
      bytes: set.bytes,
      residentBytes: 0,
      dtype: set.dtype,
      config: set.base.config,
      health: null,
      warnings: set.warnings,
    },
    opened: set,
    base: asReader(set.base),
    components: set.components.map(({ member, checkpoint }) => ({
      id: member.id,
      reader: asReader(checkpoint),
    })),
    baseFolder: folderOf(set.spec.base),
    budget,
    scorable: scorable.ok ? scorable.value : null,
    scoring: scoring.ok ? scoring.value : null,
    unscored: scoring.ok ? null : scoring.problem,
    close,
  };
  return set.bytes <= CHECK_AT_OPENING ? checkSet(loaded, ops, options) : ok(loaded);
}

/** Reads all weights once: NaN, equal components, update magnitudes and the checksums by which the set is known. */
export async function checkSet(
  loaded: LoadedSet,
  ops: BlockOps,
  options: CallOptions = {},
): Promise<Result<LoadedSet>> {
  const { opened: set, info, budget } = loaded;
  const health = await measureHealth(set, { ops, ...options });
  if (!health.ok) return health;
  const sums = new Map(health.value.sums);
  if (set.tokenizer !== null) {
    const tokenizer = { "tokenizer.json": await sha256(set.tokenizer) };
    sums.set(set.spec.base.id, { ...sums.get(set.spec.base.id), ...tokenizer });
  }
  const hash = await setHash(withSums(set.spec, sums));
  if (!hash) throw new Error("checkSet: a member has no checksum");
  return ok({
    ...loaded,
    info: {
      ...info,
      hash,
      residentBytes: budget.used,
      health: health.value.health,
      warnings: [...set.warnings, ...health.value.warnings],
    },
  });
}

async function setParts(
  platform: Platform,
  reference: SetReference,
  { signal }: CallOptions,
): Promise<Result<SetParts>> {
  const opened = new Map<string, OpenFolder>();
  const openOnce = (id: string, ref: FolderRef): OpenFolder => {
    const folder = opened.get(id) ?? platform.openFolder(ref);
    opened.set(id, folder);
    return folder;
  };
  const close = () => {
    for (const folder of opened.values()) folder.close();
  };
  if (typeof reference !== "string") {
    const { text, file, folders, home, tasks } = reference;
    return ok({
      text,
      file,
      folderOf: (member) => openOnce(member.id, folders[member.id]!),
      tasks: (own) =>
        own !== undefined && home
          ? { folder: openOnce("the set's home", home), path: own }
          : typeof tasks === "string"
            ? tasksAt(platform, tasks)
            : tasks,
      close,
    });
  }
  const cut = reference.lastIndexOf("/") + 1;
  const home = reference.slice(0, cut);
  const folder = platform.folder(home);
  const text = await requireText(folder, reference.slice(cut) || "demix-set.json", 16 * MB, signal);
  if (!text.ok) return text;
  return ok({
    ...text.value,
    folderOf: (member) => {
      const source = parseSource(member.source, text.value.file);
      if (source.ok && (source.value.kind === "http" || source.value.kind === "hub"))
        return openOnce(member.id, source.value);
      return platform.folder(home + member.source);
    },
    tasks: (own) => ({ folder, path: own ?? "tasks.json" }),
    close,
  });
}

function tasksAt(platform: Platform, url: string): TasksFolder {
  const cut = url.lastIndexOf("/") + 1;
  return { folder: platform.folder(url.slice(0, cut)), path: url.slice(cut) };
}

function openScorable(set: OpenedComponentSet): Result<Scorable> {
  if (set.undecodable) return { ok: false, problem: set.undecodable };
  const { decoder } = set;
  if (!decoder || set.tokenizer === null)
    return fail("bad-set", "the base has no tokenizer.json, so no text can be scored.", {
      file: set.base.name,
      remedy: "Copy the model's tokenizer.json into the folder.",
    });
  const tokenizer = openTokenizer({ ...set.base, tokenizer: set.tokenizer });
  if (!tokenizer.ok) return tokenizer;
  return ok({ model: decoder, tokenizer: tokenizer.value, maxLength: decoder.maxLength });
}

async function openScoring(
  scorable: Scorable,
  tasks: TasksFolder | TaskBundle,
  options: CallOptions,
): Promise<Result<Scoring>> {
  const bundle = "spec" in tasks ? ok(tasks) : await loadTasks(tasks, options);
  return bundle.ok ? scoringOf(scorable, bundle.value) : bundle;
}

/** A model with the tasks that it is scored on. */
export async function scoringOf(scorable: Scorable, tasks: TaskBundle): Promise<Result<Scoring>> {
  const { model, tokenizer, maxLength } = scorable;
  const planned = await planTasks(tasks, tokenizer, maxLength, model.rotary);
  return planned.ok ? ok({ ...scorable, ...planned.value }) : planned;
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
