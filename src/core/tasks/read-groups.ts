import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import type { GroupAggregate, TaskGroup } from "../scoring/task";
import type { Config } from "./read-config";

interface GroupFile {
  readonly file: string;
  readonly config: Config;
}

/** lm-eval's groups: their tasks with groups and tags inside resolved, and what they aggregate. */
export function groupsOf(
  files: readonly GroupFile[],
  tasks: readonly string[],
  tags: ReadonlyMap<string, readonly string[]>,
): Result<TaskGroup[]> {
  const groups: TaskGroup[] = [];
  const known = new Map<string, GroupFile>(files.map((f) => [String(f.config.group), f]));
  const members = ({ file, config }: GroupFile, open: ReadonlySet<string>): Result<string[]> => {
    const list: string[] = [];
    for (const entry of config.task as unknown[]) {
      if (typeof entry !== "string")
        return fail("bad-task", "a group's task is defined inside the group.", {
          file,
          remedy: "Give it a file of its own and name it here.",
        });
      const inner = known.get(entry);
      if (inner) {
        if (open.has(entry))
          return fail("bad-task", `the group ${quote(entry)} holds itself.`, {
            file,
            remedy: "Take it out.",
          });
        const deeper = members(inner, new Set([...open, entry]));
        if (!deeper.ok) return deeper;
        list.push(...deeper.value);
      } else if (tasks.includes(entry)) list.push(entry);
      else if (tags.has(entry)) list.push(...[...tags.get(entry)!].sort());
      else
        return fail("bad-task", `the group's task ${quote(entry)} is not among the files.`, {
          file,
          remedy: "Drop its file in too.",
        });
    }
    return ok([...new Set(list)]);
  };
  for (const group of files) {
    const { config, file } = group;
    const id = String(config.group);
    const inside = members(group, new Set([id]));
    if (!inside.ok) return inside;
    const aggregates = readAggregates(config.aggregate_metric_list, file);
    if (!aggregates.ok) return aggregates;
    const { version } = (config.metadata ?? {}) as { version?: string | number };
    groups.push({
      id,
      label: typeof config.group_alias === "string" ? config.group_alias : id,
      tasks: inside.value,
      aggregates: aggregates.value,
      ...(version !== undefined && { version }),
    });
  }
  return ok(groups);
}

function readAggregates(given: unknown, file: string): Result<GroupAggregate[]> {
  const list = given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
  const aggregates: GroupAggregate[] = [];
  for (const entry of list as Config[]) {
    const {
      metric,
      aggregation = "mean",
      weight_by_size: weightBySize = true,
      filter_list: filters = null,
    } = entry ?? {};
    const bad = (message: string, remedy: string) =>
      fail("bad-task", `aggregate_metric_list: ${message}`, { file, remedy });
    if (typeof metric !== "string") return bad("an entry has no metric.", "Name it.");
    if (aggregation !== "mean")
      return bad(`the aggregation ${quote(String(aggregation))} is not known.`, "Use mean.");
    aggregates.push({
      metric,
      ...(filters !== null && { filters: (Array.isArray(filters) ? filters : [filters]).map(String) }),
      weightBySize: weightBySize === true,
    });
  }
  return ok(aggregates);
}
