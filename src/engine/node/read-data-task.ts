import { fail, type Result } from "../../core/result";
import type { ReadTasksOptions, TaskSource } from "./read-tasks";

/** The task that a data file makes by itself: a benchmark that is recognised by its fields, or a text. */
export async function readDataTask(file: string, _options: ReadTasksOptions): Promise<Result<TaskSource>> {
  return fail("bad-task", "is no task that is known here.", {
    file,
    remedy: "Name a task's YAML, a benchmark's file, a text or a demix-tasks file.",
  });
}
