import { Environment, parse, tokenize } from "@huggingface/jinja";
import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import { jinjaStrings } from "./jinja-strings";
import { StrictInterpreter } from "./strict-interpreter";

export type Row = Readonly<Record<string, unknown>>;
export type Template = (row: Row) => Result<string>;

const RANGE_LIMIT = 100_000;

/** jinja2's global names. */
function globals(): Environment {
  const env = new Environment();
  const constants = { true: true, false: false, none: null, True: true, False: false, None: null };
  for (const [name, value] of Object.entries(constants)) env.set(name, value);
  env.set("range", (...args: number[]) => range(...args));
  return env;
}

function range(...args: number[]): number[] {
  const [start, stop, step] = args.length === 1 ? [0, args[0]!, 1] : [args[0]!, args[1]!, args[2] ?? 1];
  const n = Math.max(0, Math.ceil((stop - start) / step));
  if (!(n <= RANGE_LIMIT)) throw new Error(`range() is longer than ${RANGE_LIMIT}`);
  return Array.from({ length: n }, (_, i) => start + i * step);
}

/** Reads a template once; what it gives for a row is lm-eval's `apply_template` (jinja2, StrictUndefined, last line end kept). */
export function readTemplate(text: string, place: string): Result<Template> {
  const refuse = (error: unknown) =>
    fail("bad-task", `${place}: ${quote(text)} cannot be filled in: ${reason(error)}.`, {
      remedy: "Correct the template, or the data's field names.",
    });
  try {
    const unix = jinjaStrings(text.replace(/\r\n?/g, "\n"));
    // The library drops one line end at the end of a template.
    const program = parse(tokenize(unix.endsWith("\n") ? `${unix}\n` : unix));
    const outer = globals();
    return ok((row) => {
      try {
        const env = new Environment(outer);
        for (const [name, value] of Object.entries(row)) {
          env.variables.delete(name);
          env.set(name, value);
        }
        return ok(String(new StrictInterpreter(env).run(program).value));
      } catch (error) {
        if (error instanceof ReferenceError) throw error;
        return refuse(error);
      }
    });
  } catch (error) {
    return refuse(error);
  }
}

const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, "");
