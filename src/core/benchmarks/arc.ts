import type { Item } from "../scoring/task";
import {
  type Benchmark,
  choiceModes,
  choiceRules,
  type ItemContext,
  type LeftOut,
  leftOut,
} from "./benchmark";
import { choiceItem, lettered, optionItem, pplItem } from "./choice-item";
import { asTexts, field, hasFields, objectField, type Row, textField } from "./row";

interface Question {
  readonly question: string;
  readonly texts: readonly string[];
  readonly labels: readonly string[];
}

/** AI2's files: `question.stem`, `question.choices[].text`, `.label`. The Hub's: `question`, `choices.text`, `choices.label`. */
function readQuestion(row: Row): Question | null {
  const nested = objectField(row, "question");
  if (nested) {
    const question = textField(nested, "stem");
    const choices = field(nested, "choices");
    if (question === undefined || !Array.isArray(choices)) return null;
    const texts = asTexts(choices.map((c: Row) => (typeof c === "object" && c ? field(c, "text") : null)));
    const labels = asTexts(choices.map((c: Row) => (typeof c === "object" && c ? field(c, "label") : null)));
    return texts && labels ? { question, texts, labels } : null;
  }
  const question = textField(row, "question");
  const choices = objectField(row, "choices");
  const texts = choices && asTexts(field(choices, "text"));
  const labels = choices && asTexts(field(choices, "label"));
  if (question === undefined || !texts || !labels || texts.length !== labels.length) return null;
  return { question, texts, labels };
}

function arcItem(row: Row, context: ItemContext): Item | LeftOut {
  const read = readQuestion(row);
  if (read === null) return leftOut("question or choices are not in ARC's layout");
  const { question, texts, labels } = read;
  const key = textField(row, "answerKey") ?? "";
  if (key === "") return leftOut("answerKey is empty");
  const gold = labels.indexOf(key);
  if (gold < 0) return leftOut("answerKey is none of the labels");
  if (texts.length < 2) return leftOut("there are fewer than two choices");
  if (context.mode === "lm-eval") {
    const doc = { ...row, question, choices: { text: texts, label: labels }, answerKey: key };
    return choiceItem(doc, `Question: ${question}\nAnswer:`, texts, gold);
  }
  if (texts.length !== 4) return leftOut("OpenCompass leaves out questions without exactly four choices");
  if (context.mode === "opencompass-ppl")
    return pplItem(row, `Question: ${question}\nAnswer: \n`, texts, gold);
  return optionItem(row, `Question: ${question}\n${lettered(texts)}\nAnswer:`, 4, gold, context);
}

const arc = (id: "arc_easy" | "arc_challenge", label: string): Benchmark => ({
  id,
  label,
  domain: "general",
  version: 1,
  licence: "CC BY-SA 4.0 (Allen Institute for AI)",
  fields: "question (text, or an object with stem and choices), choices, answerKey",
  reports:
    "acc_norm and acc: share of questions whose right choice is the likeliest, per character or as a whole.",
  shots: 0,
  modes: choiceModes,
  recognises: (row) =>
    hasFields(row, "question", "answerKey") &&
    !hasFields(row, "question_concept") &&
    readQuestion(row) !== null,
  rules: (mode) => choiceRules(mode, true),
  item: arcItem,
});

export const arcEasy = arc("arc_easy", "ARC-Easy");
/** The same rows; told from ARC-Easy by the name of the file. */
export const arcChallenge = arc("arc_challenge", "ARC-Challenge");
