import { type Problem, sentence } from "../result";
import { hasHiddenCharacters } from "../safe-text";

/** A message is read by people: what is in a file may be of any length, what is said of it not. */
const LONGEST = 1500;

/** What is wrong with a refusal: it has to name the file (`file`) and a place in it, and to say what to do. Null where it does. */
export function refusalFault(problem: Problem, file: RegExp, place: RegExp): string | null {
  const said = sentence(problem);
  const { kind, message, remedy = "" } = problem;
  if (kind === "network" || kind === "cancelled")
    return `a file's content is no failure of kind "${kind}": ${said}`;
  if (!problem.file || !file.test(problem.file)) return `the file is not named: ${said}`;
  if (!said.includes(problem.file)) return `the sentence does not name the file: ${said}`;
  if (!message.endsWith(".")) return `the message has no full stop: ${message}`;
  if (!/\w.*[."]$/s.test(remedy)) return `there is no remedy: ${said}`;
  if (!place.test(said)) return `no place is named: ${said}`;
  if (/(^|[^"\w])undefined\b|\[object|function /.test(message))
    return `the message shows the program's inside: ${message}`;
  if (hasHiddenCharacters(said)) return `the sentence has hidden characters: ${JSON.stringify(said)}`;
  if (said.length > LONGEST) return `the sentence has ${said.length} characters: ${said.slice(0, 200)}`;
  return null;
}
