import { fail, type Result } from "../../core/result";
import { type ReadTasksOptions, readDemixTasks, type TaskSource } from "./read-tasks";

/** One file of tasks, by its content; null for a file that holds none (a data file of other tasks). */
export async function readTaskFile(
  file: string,
  _options: ReadTasksOptions,
): Promise<Result<TaskSource | null>> {
  const own = await readDemixTasks(file);
  if (!own.ok || own.value) return own;
  return fail("bad-task", "is no task that is known here.", { file, remedy: "Name a demix-tasks file." });
}
