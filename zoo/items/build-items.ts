import { SourceError } from "../corpus/packages";
import { ensureItems, readTaskSet } from "./items-file";
import { TASKS } from "./tasks";

/** Rebuilds public/zoo/demo/items/ from the references and the installed packages; exits with 1 on any difference. */
function main(): void {
  try {
    const taskSet = readTaskSet();
    const made = TASKS.filter((definition) => ensureItems(definition, taskSet)).map(({ spec }) => spec.id);
    console.log(made.length === 0 ? "items: up to date" : `items: made ${made.join(", ")}`);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    console.error(`items: ${error.message}`);
    process.exitCode = 1;
  }
}

main();
