import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import { PatternError, PatternParser } from "./pattern-parser";

/** Python pattern → JavaScript regular expression (global, by code points) that finds the same; refused by name where none does. */
export function translatePattern(pattern: string): Result<RegExp> {
  try {
    const { source, ignoreCase } = new PatternParser(pattern).parse();
    return ok(new RegExp(source, ignoreCase ? "giv" : "gv"));
  } catch (error) {
    const why =
      error instanceof PatternError
        ? error.message
        : error instanceof SyntaxError
          ? "JavaScript has no equal of it"
          : null;
    if (why === null) throw error;
    return fail("bad-task", `the regular expression ${quote(pattern)} cannot be used: ${why}.`, {
      remedy: "Write it without that.",
    });
  }
}
