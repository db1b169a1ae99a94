import { type Document, documentName, isHeldOut, readDocuments, type TextSource } from "../corpus/documents";
import { PACKAGES } from "../corpus/packages";
import { type Rng, rng, sha256 } from "../corpus/rng";
import { applyEdit, PYTHON_TOKEN, type Token, tokens, WORD } from "./edits";
import type { Edit, SliceRef, TextRefs } from "./refs";

/** A slice by string offsets, with its edits. */
export interface Draft {
  start: number;
  split: number;
  end: number;
  edits?: Edit[];
}

type Draw = (random: Rng, text: string) => Draft | null;

const CHOICES = 4;
const KEYWORDS = new Set(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield self".split(
    " ",
  ),
);

function toRef(doc: Document, file: number, text: string, draft: Draft, random: Rng): SliceRef {
  const byte = (at: number): number => Buffer.byteLength(text.slice(0, at));
  const [start, split, end] = [byte(draft.start), byte(draft.split), byte(draft.end)];
  const ref: SliceRef = { file, start, split, end, sha256: sha256(doc.bytes.subarray(start, end)) };
  return draft.edits ? { ...ref, edits: draft.edits, gold: random.int(0, CHOICES - 1) } : ref;
}

/** `count` items from a source's held-out documents, spread over them; none overlaps another of its task. */
export function drawTextRefs(task: string, source: TextSource, count: number, draw: Draw): TextRefs {
  const random = rng(`refs ${task}`);
  const docs = readDocuments(source).filter((doc) => isHeldOut(documentName(doc)));
  const files: { package: string; version: string; file: string }[] = [];
  const fileOf = new Map<Document, number>();
  const items: SliceRef[] = [];
  while (items.length < count) {
    const doc = random.pick(docs);
    const text = doc.bytes.toString("utf8");
    const draft = draw(random, text);
    if (!draft) continue;
    const file = fileOf.get(doc) ?? files.length;
    const ref = toRef(doc, file, text, draft, random);
    if (items.some((other) => other.file === file && ref.start < other.end && other.start < ref.end))
      continue;
    if (file === files.length) {
      fileOf.set(doc, file);
      files.push({ package: doc.package, version: PACKAGES[doc.package], file: doc.file });
    }
    items.push(ref);
  }
  return { format: "demix-refs", version: 1, task, files, items };
}

/** The first three edits whose results differ from the text and from each other, or null. */
function threeEdits(edits: readonly Edit[], text: string, pattern: RegExp, source: string): Edit[] | null {
  const bytes = Buffer.from(source);
  const seen = new Set([text]);
  const kept = edits.filter((edit) => {
    const changed = applyEdit(edit, text, pattern, (start, end) => bytes.toString("utf8", start, end));
    return !seen.has(changed) && seen.add(changed);
  });
  return kept.length < CHOICES - 1 ? null : kept.slice(0, CHOICES - 1);
}

/** Replaces token i by another token of the document, given by its bytes. */
function putToken(i: number, other: Token, source: string): Edit {
  const start = Buffer.byteLength(source.slice(0, other.at));
  return ["put", i, start, start + Buffer.byteLength(other.text)];
}

function sentenceStart(random: Rng, text: string): number | null {
  const from = random.int(0, Math.max(0, text.length - 600));
  const match = /[.!?] +(?=[A-Z][a-z]* [a-z])/g;
  match.lastIndex = from;
  const found = match.exec(text);
  return found ? found.index + found[0].length : null;
}

/** About 110 tokens of running prose from the start of a sentence, ended at a word. */
export const prosePassage: Draw = (random, text) => {
  const start = sentenceStart(random, text);
  if (start === null) return null;
  const end = text.lastIndexOf(" ", start + 310);
  if (end - start < 290 || /\n/.test(text.slice(start, end))) return null;
  return { start, split: start, end };
};

/** About 110 tokens of whole lines of Python. */
export const pythonPassage: Draw = (random, text) => {
  const start = text.indexOf("\n", random.int(0, text.length - 1)) + 1;
  const end = text.lastIndexOf("\n", start + 280);
  if (start === 0 || end - start < 220 || !/^ *[A-Za-z_@]/.test(text.slice(start, end))) return null;
  return { start, split: start, end };
};

const LEAD_WORDS = 8;
const NEXT_WORDS = 5;
const PLAIN = /^[a-z]{2,}$/;

/** The first words of a sentence and the next ones, of which one is replaced by words of its length. */
export const proseSentence: Draw = (random, text) => {
  const start = sentenceStart(random, text);
  if (start === null) return null;
  const slice = /^(?:[A-Za-z]+,? ){12}[A-Za-z]+/.exec(text.slice(start, start + 240))?.[0];
  if (!slice) return null;
  const lead = tokens(slice, WORD)[LEAD_WORDS - 1] as Token;
  const split = lead.at + lead.text.length;
  if (slice[split] !== " ") return null;
  const rest = slice.slice(split);
  const i = random.int(0, NEXT_WORDS - 2);
  const word = tokens(rest, WORD)[i] as Token;
  if (!PLAIN.test(word.text)) return null;
  const pool = tokens(text, WORD).filter(
    (other) => PLAIN.test(other.text) && other.text.length === word.text.length,
  );
  const draws = Array.from({ length: 12 }, () => putToken(i, random.pick(pool), text));
  const edits = threeEdits(draws, rest, WORD, text);
  return edits && { start, split: start + split, end: start + slice.length, edits };
};

const isName = (token: Token): boolean => /^[A-Za-z_]/.test(token.text) && !KEYWORDS.has(token.text);

/** Two names replaced by names of like length that stand elsewhere in the module, and one exchange of neighbours. */
function lineEdits(random: Rng, context: string, line: string, text: string): Edit[] | null {
  const own = tokens(line, PYTHON_TOKEN);
  const near = new Set(tokens(context + line, PYTHON_TOKEN).map((token) => token.text));
  const far = tokens(text, PYTHON_TOKEN).filter((token) => isName(token) && !near.has(token.text));
  const names = own.map((_, i) => i).filter((i) => isName(own[i] as Token));
  const swaps = own.map((_, i) => i).filter((i) => own[i + 1] && own[i + 1]?.text !== own[i]?.text);
  if (names.length === 0 || swaps.length === 0) return null;
  const edits: Edit[] = [["swap", random.pick(swaps)]];
  for (let tries = 0; tries < 12; tries++) {
    const i = random.pick(names);
    const length = (own[i] as Token).text.length;
    const pool = far.filter((token) => Math.abs(token.text.length - length) <= 1);
    if (pool.length >= 4) edits.push(putToken(i, random.pick(pool), text));
  }
  return threeEdits(edits, line, PYTHON_TOKEN, text);
}

/** A line of Python behind the two to four lines before it. */
export const pythonLine: Draw = (random, text) => {
  const lineStart = text.indexOf("\n", random.int(0, text.length - 1));
  if (lineStart < 0) return null;
  const end = text.indexOf("\n", lineStart + 1);
  const line = text.slice(lineStart, end);
  if (end < 0 || line.length < 16 || line.length > 48 || !/^\n +[A-Za-z_]/.test(line) || /["'#\\]/.test(line))
    return null;
  if (!/[=([]/.test(line)) return null;
  let start = lineStart;
  for (let lines = 0; lines < 4; lines++) {
    const before = text.lastIndexOf("\n", start - 1);
    if (before < 0 || lineStart - before > 80) break;
    start = before;
  }
  start += 1;
  const context = text.slice(start, lineStart);
  if (context.length < 30 || /"""|'''/.test(context) || /\s$/.test(context) || /\n\s*\n/.test(context))
    return null;
  if (!/^[\x20-\x7e\n]*$/.test(context + line)) return null;
  const edits = lineEdits(random, context, line, text);
  return edits && { start, split: lineStart, end, edits };
};
