import type { Row } from "../benchmarks/row";
import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import { readTemplate, type Template } from "./apply-template";
import { pythonLiteral } from "./python-literal";

const isDigits = (text: string): boolean => /^\p{Nd}+$/u.test(text);

/** lm-eval's doc_to_text, doc_to_target, doc_to_choice and gen_prefix: a field's name, a template or a value. */
export class DocFields {
  private readonly templates = new Map<string, Result<Template>>();

  constructor(
    private readonly features: ReadonlySet<string>,
    private readonly hasChoices: boolean,
    private readonly file: string,
  ) {}

  text(row: Row, given: unknown): Result<unknown> {
    if (typeof given === "number") return ok(given);
    if (typeof given !== "string") return this.refuse("doc_to_text", given);
    if (this.features.has(given)) return ok(row[given]);
    const filled = this.fill(row, given, "doc_to_text");
    if (!filled.ok || !this.hasChoices || !isDigits(filled.value)) return filled;
    return ok(Number(filled.value));
  }

  target(row: Row, given: unknown): Result<unknown> {
    if (typeof given === "number" || Array.isArray(given)) return ok(given);
    if (typeof given !== "string") return this.refuse("doc_to_target", given);
    if (this.features.has(given)) return ok(row[given]);
    const filled = this.fill(row, given, "doc_to_target");
    if (!filled.ok) return filled;
    const { value } = filled;
    if (this.hasChoices && isDigits(value)) return ok(Number(value));
    return ok(/^\[[\s\S]*\]$/.test(value) ? (pythonLiteral(value) ?? value) : value);
  }

  choices(row: Row, given: unknown): Result<readonly string[]> {
    const list = this.choiceValue(row, given);
    if (!list.ok) return list;
    const all = list.value;
    if (Array.isArray(all) && all.length > 0 && all.every((c) => typeof c === "string"))
      return ok(all as string[]);
    return fail(
      "bad-task",
      `doc_to_choice gives ${quote(JSON.stringify(all) ?? "nothing")}, which is no list of texts.`,
      {
        file: this.file,
        remedy: "Make it a list of texts, the choices.",
      },
    );
  }

  prefix(row: Row, given: unknown): Result<string | null> {
    if (given === undefined || given === null || given === "") return ok(null);
    if (typeof given !== "string") return this.refuse("gen_prefix", given);
    return this.features.has(given) ? ok(String(row[given])) : this.fill(row, given, "gen_prefix");
  }

  fill(row: Row, template: string, place: string): Result<string> {
    let read = this.templates.get(template);
    if (!read) {
      read = readTemplate(template, place);
      this.templates.set(template, read);
    }
    const filled = read.ok ? read.value(row) : read;
    return filled.ok ? filled : { ok: false, problem: { ...filled.problem, file: this.file } };
  }

  private choiceValue(row: Row, given: unknown): Result<unknown> {
    if (Array.isArray(given)) return ok(given);
    if (typeof given === "object" && given !== null) return ok(Object.values(given));
    if (typeof given !== "string") return this.refuse("doc_to_choice", given);
    if (this.features.has(given)) return ok(row[given]);
    const filled = this.fill(row, given, "doc_to_choice");
    return filled.ok ? ok(pythonLiteral(filled.value) ?? filled.value) : filled;
  }

  private refuse(field: string, given: unknown): Result<never> {
    const missing = given === undefined || given === null;
    return fail("bad-task", missing ? `${field} is missing.` : `${field} is neither a text nor a list.`, {
      file: this.file,
      remedy: "Name a field of the data there, or write a template.",
    });
  }
}
