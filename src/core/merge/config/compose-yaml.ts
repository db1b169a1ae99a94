import { Composer, CST, type Document, Lexer, type ParsedNode, Parser } from "yaml";
import { quote, shorten } from "../../checkpoint/strict-json";
import { Refusal } from "./refusal";

/** Characters of a file, words and signs (blanks and line ends too), and levels of nesting. */
const MAX_LENGTH = 1 << 17;
const MAX_LEXEMES = 30_000;
const MAX_DEPTH = 32;
/** Parser states that a level of nesting can take: a collection, and a scalar or block inside. */
const STATES_PER_LEVEL = 2;
/** What PyYAML refuses, and the line breaks that YAML 1.1 alone knows. */
const UNPRINTABLE =
  /[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

const CORRECT = "Correct the YAML there.";

/** A document's root, unresolved: every scalar is text, every alias still an alias. */
export interface ComposedYaml {
  readonly root: ParsedNode;
  /** Where the text ends, if it does so within a line; else Infinity. */
  readonly openEnd: number;
  /** Line, from 1, of an offset in the text. */
  lineAt(offset: number): number;
}

/** Syntax of a single YAML document, within limits that keep any file's reading short; throws Refusals. */
export function composeYaml(file: string, what = "merge configuration"): ComposedYaml {
  const text = file.startsWith("\ufeff") ? file.slice(1) : file;
  const choose = `Choose the YAML file of a ${what === "task file" ? "task" : "merge"}.`;
  if (text.length > MAX_LENGTH)
    throw new Refusal(`it has ${text.length} characters, and a ${what} at most ${MAX_LENGTH}.`, choose);
  const lineAt = lineFinder(text);
  const refuse = (offset: number, message: string, remedy = CORRECT): never => {
    throw new Refusal(`line ${lineAt(offset)}: ${message}`, remedy);
  };
  const strange = UNPRINTABLE.exec(text);
  if (strange) {
    const code = strange[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
    refuse(
      strange.index,
      `the character U+${code} cannot stand in YAML.`,
      "Write it as an escape in double quotes.",
    );
  }

  const documents: Document.Parsed[] = [];
  for (const document of parse(text, what, refuse)) {
    const error = document.errors[0];
    if (error) refuse(error.pos[0], `${shorten(error.message.replace(/[\s:.]+$/, ""))}.`);
    documents.push(document as Document.Parsed);
    if (documents.length > 1)
      refuse(document.range[0], "a second document begins.", "Leave one document in the file.");
  }
  const root = documents[0]?.contents;
  if (!root) throw new Refusal("it is empty.", choose);
  return { root, openEnd: text.endsWith("\n") ? Infinity : text.length, lineAt };
}

/** Documents one by one. Tags and depth are looked at token by token, before anything recursive sees the tree. */
function* parse(
  text: string,
  what: string,
  refuse: (offset: number, message: string, remedy?: string) => never,
): Generator<Document.Parsed> {
  const parser = new Parser();
  const composer = new Composer({
    schema: "failsafe",
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  let inScalar = false;
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme.startsWith("!") && !inScalar)
      refuse(parser.offset, `the tag ${quote(lexeme)} has no place in a ${what}.`, "Remove it.");
    if (++lexemes > MAX_LEXEMES)
      refuse(
        parser.offset,
        `up to here it has more than ${MAX_LEXEMES} words and signs.`,
        "Write a shorter file.",
      );
    inScalar = lexeme === CST.SCALAR;
    for (const token of parser.next(lexeme)) yield* composer.next(token) as Generator<Document.Parsed>;
    if (parser.stack.length > STATES_PER_LEVEL * MAX_DEPTH)
      refuse(parser.offset, `it is nested deeper than ${MAX_DEPTH} levels.`);
  }
  for (const token of parser.end()) yield* composer.next(token) as Generator<Document.Parsed>;
  yield* composer.end() as Generator<Document.Parsed>;
}

function lineFinder(text: string): (offset: number) => number {
  const breaks: number[] = [];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) breaks.push(at);
  return (offset) => {
    let low = 0;
    let high = breaks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (breaks[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
