/**
 * How many of lm-eval's own task files are honoured, and why the others are refused:
 *
 *     npx tsx reference/lm-eval-survey.ts DIR      (DIR: the folder lm_eval/tasks of the installed package)
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readTemplate } from "../src/core/tasks/apply-template";
import { readConfig, type YamlFile } from "../src/core/tasks/read-config";
import { readTaskConfig } from "../src/core/tasks/task-config";

const root = process.argv[2];
if (!root) throw new Error("Name the folder of the task files.");
const TEMPLATES = ["doc_to_text", "doc_to_target", "doc_to_choice", "description"] as const;
const counts = { tasks: 0, honoured: 0, templates: 0, unread: 0 };
const reasons = new Map<string, number>();

/** A file and those that it includes. */
function withIncludes(path: string, files: YamlFile[] = []): YamlFile[] {
  if (files.some((f) => f.name === path)) return files;
  try {
    files.push({ name: path, text: readFileSync(path, "utf8") });
  } catch {
    return files;
  }
  const include = /^include:\s*["']?([^\s"']+)/m.exec(files.at(-1)!.text)?.[1];
  return include ? withIncludes(join(dirname(path), include), files) : files;
}

for (const entry of readdirSync(root, { recursive: true }) as string[]) {
  if (!entry.endsWith(".yaml")) continue;
  const files = withIncludes(join(root, entry));
  if (!files.some((f) => /^task:/m.test(f.text)) || /^group:/m.test(files[0]!.text)) continue;
  counts.tasks++;
  const config = readConfig(files[0]!, files);
  const task = config.ok ? readTaskConfig(config.value, entry) : config;
  if (!task.ok) {
    const { message } = task.problem;
    const reason = message.includes("Python code")
      ? "Python code"
      : message.replace(/line \d+: /, "").replace(/the key ".*"/, "a key");
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    continue;
  }
  counts.honoured++;
  for (const field of TEMPLATES) {
    const template = task.value[field];
    if (typeof template !== "string") continue;
    counts.templates++;
    if (!readTemplate(template, field).ok) counts.unread++;
  }
}
console.log(counts);
for (const [reason, n] of [...reasons].sort((a, b) => b[1] - a[1])) console.log(`${n}\t${reason}`);
