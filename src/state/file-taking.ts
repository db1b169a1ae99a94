import type { Problem, Result } from "../core/result";
import type { ScoringMode } from "../core/scoring/task";
import type { DroppedFile, ReadDropped, ReadTask } from "../core/tasks/read-dropped";
import type { TaskReader } from "../engine/task-reader";
import type { FoundFile } from "./found-files";
import { addDomain, type DraftTask, draftTask, replaceTask, type TaskDraft, withTasks } from "./task-draft";
import { TASK_SET_FORMAT } from "./task-set-file";
import { useTasks } from "./tasks-store";

interface DraftDoor {
  readonly change: (make: (draft: TaskDraft) => Promise<TaskDraft>) => Promise<void>;
  readonly openText: (text: string, file: string) => Promise<Result<readonly string[]>>;
}

const IS_TASK_SET = new RegExp(`^\\s*\\{\\s*"format"\\s*:\\s*"${TASK_SET_FORMAT}"`);
const LABELS: Readonly<Record<string, string>> = {
  general: "General",
  code: "Code",
  math: "Math",
  own: "Own tasks",
};

/** Takes benchmark and task files that were dropped or chosen: what each is, and the tasks that it becomes. */
export function createFileTaking(reader: TaskReader, { change, openText }: DraftDoor) {
  let reading: AbortController | null = null;
  let next = 1;

  const mark = (keys: readonly string[], update: (file: FoundFile) => Partial<FoundFile>) =>
    useTasks.setState(({ found }) => ({
      found: found.map((f) => (keys.includes(f.key) ? { ...f, ...update(f) } : f)),
    }));

  /** Files dropped together belong together: a YAML and its data, rows and their labels. */
  async function takeFiles(files: readonly File[]): Promise<void> {
    reading?.abort();
    const mine = new AbortController();
    reading = mine;
    const found = files.map(
      (file): FoundFile => ({
        key: `file ${next++}`,
        name: file.name,
        bytes: file.size,
        state: "reading",
        recognised: "",
        tasks: [],
        warnings: [],
        problem: null,
      }),
    );
    const keys = found.map((f) => f.key);
    useTasks.setState((s) => ({ found: [...s.found.filter((f) => f.state !== "reading"), ...found] }));
    const refuse = (key: string, problem: Problem) => mark([key], () => ({ state: "refused", problem }));
    const dropped: DroppedFile[] = [];
    const places: string[] = [];
    for (const [i, file] of files.entries()) {
      const bytes = await bytesOf(file);
      if (mine.signal.aborted) return;
      if (!bytes.ok) refuse(keys[i]!, bytes.problem);
      else if (IS_TASK_SET.test(new TextDecoder().decode(bytes.value.subarray(0, 200))))
        await takeTaskSet(keys[i]!, bytes.value, file.name);
      else {
        dropped.push({ name: file.name, bytes: bytes.value });
        places.push(keys[i]!);
      }
    }
    if (dropped.length > 0) {
      const read = await reader.read(mine.signal, dropped, () => undefined);
      if (mine.signal.aborted) return;
      if (read.ok) await adopt(read.value, places, dropped);
      else for (const key of places) refuse(key, read.problem);
    }
    if (reading === mine) reading = null;
  }

  async function takeTaskSet(key: string, bytes: Uint8Array, name: string): Promise<void> {
    const read = await openText(new TextDecoder().decode(bytes), name);
    if (!read.ok) return mark([key], () => ({ state: "refused", problem: read.problem }));
    const warnings = read.value.map((label) => `The items of "${label}" are not those that the file states.`);
    mark([key], () => ({ state: "read", recognised: "Task set: it stands on the table now", warnings }));
  }

  async function adopt(
    { tasks, domains, problems }: ReadDropped,
    keys: readonly string[],
    files: readonly DroppedFile[],
  ): Promise<void> {
    const added: DraftTask[] = tasks.map(draftTask);
    if (added.length > 0)
      await change(async (draft) => {
        // What stands in use keeps its name; what is made from it gets one of its own.
        let with_ = useTasks.getState().isInUse ? { ...draft, name: "My tasks" } : draft;
        const known = [
          ...domains,
          ...tasks.map(({ spec: { domain } }) => ({ id: domain, label: LABELS[domain] ?? domain })),
        ];
        for (const { id, label } of known)
          if (!with_.domains.some((d) => d.id === id))
            with_ =
              domains.some((d) => d.id === id) || LABELS[id]
                ? { ...with_, domains: [...with_.domains, { id, label }] }
                : addDomain(with_, label).draft;
        return withTasks(with_, added);
      });
    for (const [i, { name }] of files.entries()) {
      const mine = tasks.filter((t) => t.files.includes(name));
      const problem =
        problems.find((p) => p.file === name) ??
        (mine.length === 0 ? (problems.find((p) => !files.some((f) => f.name === p.file)) ?? null) : null);
      const other = problems[0] ?? null;
      const read = mine.length > 0;
      mark([keys[i]!], () => ({
        state: problem || (!read && other) ? "refused" : "read",
        recognised: read
          ? mine.map(recognisedWords).join(" ")
          : problem || other
            ? ""
            : "Used by the files beside it",
        tasks: mine.map((t) => t.spec.label),
        warnings: [...new Set(mine.flatMap((t) => t.notes))],
        problem: problem ?? (read ? null : other),
      }));
    }
  }

  /** Compiles a benchmark in another scoring mode, or with other shots; the task keeps its place. */
  async function remakeTask(task: DraftTask, options: { mode?: ScoringMode; shots?: number }): Promise<void> {
    if (!task.made) return;
    const mode = options.mode ?? task.spec.mode ?? "lm-eval";
    const read = await reader.remake(new AbortController().signal, task.made, { ...options, mode });
    if (!read.ok) return useTasks.setState({ problem: read.problem });
    await change(async (draft) => replaceTask(draft, task.key, draftTask(read.value)));
  }

  return {
    takeFiles,
    remakeTask,
    cancelReading: () => {
      reading?.abort();
      reading = null;
      useTasks.setState((s) => ({ found: s.found.filter((f) => f.state !== "reading") }));
    },
    forgetFile: (key: string) => useTasks.setState((s) => ({ found: s.found.filter((f) => f.key !== key) })),
  };
}

/** What a task was recognised as, how many items it has, with which shots, and whose they are. */
function recognisedWords({ recognised, spec, items, licence }: ReadTask): string {
  const shots = spec.origin?.nShot ? `, ${spec.origin.nShot}-shot` : "";
  const words = `${recognised.replace(/\.$/, "")}. ${items.length.toLocaleString("en")} items${shots}.`;
  return licence ? `${words} Licence of the items: ${licence}.` : words;
}

async function bytesOf(file: File): Promise<Result<Uint8Array>> {
  try {
    return { ok: true, value: new Uint8Array(await file.arrayBuffer()) };
  } catch (error) {
    return {
      ok: false,
      problem: {
        kind: "bad-file",
        message: `could not be read (${String(error)}).`,
        file: file.name,
        remedy: "Choose it again.",
      },
    };
  }
}
