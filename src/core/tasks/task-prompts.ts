import type { Row } from "../benchmarks/row";
import { quote } from "../checkpoint/quote";
import { fail, ok, type Result } from "../result";
import { type Turn, turnText } from "./build-prompt";
import type { DocFields } from "./doc-fields";
import type { FewShotSampler } from "./few-shot-sampler";
import type { TaskConfig } from "./task-config";

/** A document's fields as lm-eval reads them. */
export interface Doc {
  readonly text: unknown;
  readonly target: unknown;
  readonly choices: readonly string[] | null;
}

/** Builds contexts: description, examples, and the document's own text (lm-eval's `fewshot_context`). */
export class TaskPrompts {
  constructor(
    private readonly config: TaskConfig,
    private readonly fields: DocFields,
    private readonly sampler: FewShotSampler | null,
    /** doc_to_text gives a number: the choices are the contexts. */
    private readonly multipleInput: boolean,
  ) {}

  doc(row: Row): Result<Doc> {
    const { doc_to_text, doc_to_target, doc_to_choice } = this.config;
    return this.read(row, doc_to_text, doc_to_target, doc_to_choice);
  }

  /** One context, or one a choice. */
  contexts(row: Row, doc: Doc): Result<readonly string[]> {
    const before = this.before(row);
    if (!before.ok) return before;
    const prefix = this.fields.prefix(row, this.config.gen_prefix);
    if (!prefix.ok) return prefix;
    const own = (question: string, targetDelimiter: string) =>
      before.value +
      turnText({ question, answer: null, prefix: prefix.value, targetDelimiter, fewshotDelimiter: "" });
    if (this.multipleInput) return ok(doc.choices!.map((choice) => own(choice, "")));
    const question = this.asText(doc.text, "doc_to_text");
    return question.ok ? ok([own(question.value, this.config.target_delimiter)]) : question;
  }

  private before(row: Row): Result<string> {
    const { description, num_fewshot: shots, fewshot, test_split } = this.config;
    const described = description === "" ? ok("") : this.described(row, description);
    if (!described.ok || shots === 0 || !this.sampler) return described;
    const evalDoc = fewshot.split === test_split ? row : null;
    const examples = this.sampler.sample(shots, evalDoc);
    if (!examples.ok) return examples;
    let text = described.value;
    for (const example of examples.value) {
      const turn = this.example(example);
      if (!turn.ok) return turn;
      text += turnText(turn.value);
    }
    return ok(text);
  }

  private described(row: Row, description: string): Result<string> {
    return Object.hasOwn(row, description)
      ? ok(String(row[description]))
      : this.fields.fill(row, description, "description");
  }

  private example(row: Row): Result<Turn> {
    const { fewshot } = this.config;
    const doc = this.read(row, fewshot.doc_to_text, fewshot.doc_to_target, fewshot.doc_to_choice);
    if (!doc.ok) return doc;
    const prefix = this.fields.prefix(row, fewshot.gen_prefix);
    if (!prefix.ok) return prefix;
    const { text, target, choices } = doc.value;
    const question = this.asText(this.multipleInput ? choices?.[Number(text)] : text, "doc_to_text");
    if (!question.ok) return question;
    const index = typeof target === "boolean" ? Number(target) : target;
    const chosen =
      choices && !this.multipleInput && typeof index === "number"
        ? choices.at(index)
        : Array.isArray(target)
          ? target[0]
          : target;
    const answer = this.asText(chosen, "doc_to_target");
    if (!answer.ok) return answer;
    return ok({
      question: question.value,
      answer: answer.value,
      prefix: prefix.value,
      targetDelimiter: fewshot.target_delimiter,
      fewshotDelimiter: fewshot.fewshot_delimiter,
    });
  }

  private read(row: Row, text: unknown, target: unknown, choice: unknown): Result<Doc> {
    const asked = this.fields.text(row, text);
    if (!asked.ok) return asked;
    const answer = this.fields.target(row, target);
    if (!answer.ok) return answer;
    if (choice === undefined || choice === null)
      return ok({ text: asked.value, target: answer.value, choices: null });
    const choices = this.fields.choices(row, choice);
    return choices.ok ? ok({ text: asked.value, target: answer.value, choices: choices.value }) : choices;
  }

  private asText(value: unknown, field: string): Result<string> {
    if (typeof value === "string") return ok(value);
    return fail(
      "bad-task",
      `${field} gives ${quote(JSON.stringify(value) ?? "nothing")}, which is no text.`,
      {
        file: this.config.file,
        remedy: 'Write a template that makes it text, such as "{{field}}".',
      },
    );
  }
}
