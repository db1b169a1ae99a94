import { pythonStrip } from "../scoring/python-text";
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
import { pythonCapitalize } from "./python-capitalize";
import { field, hasFields, type Row, textField, textListField, wholeField } from "./row";

/** lm-eval's cleaning of WikiHow's marks: " [title]" ends a sentence, other brackets go, double spaces become one. */
export const cleanHellaswag = (text: string): string =>
  pythonStrip(text)
    .replaceAll(" [title]", ". ")
    .replace(/\[[^\n]*?\]/g, "")
    .replaceAll("  ", " ");

function hellaswagItem(row: Row, context: ItemContext): Item | LeftOut {
  const [activity, a, b] = ["activity_label", "ctx_a", "ctx_b"].map((name) => textField(row, name));
  const endings = textListField(row, "endings");
  if (activity === undefined || a === undefined || b === undefined || !endings)
    return leftOut("activity_label, ctx_a, ctx_b or endings is missing");
  const label = field(row, "label");
  if (label === undefined || label === null || label === "") return leftOut("label is empty");
  const gold = wholeField(row, "label");
  if (gold === undefined || gold < 0 || gold >= endings.length)
    return leftOut("label is not the number of an ending");
  const query = cleanHellaswag(`${activity}: ${a} ${pythonCapitalize(b)}`);
  const choices = endings.map(cleanHellaswag);
  if (context.mode === "lm-eval") return choiceItem({ ...row, query, choices, gold }, query, choices, gold);
  if (choices.length !== 4) return leftOut("OpenCompass takes exactly four endings");
  if (context.mode === "opencompass-ppl") {
    // Its loader splits at the first two ": " and keeps what follows the last of them.
    return pplItem(row, `${afterColons(query, 2)}\n`, choices, gold);
  }
  const prompt =
    `${afterColons(query, 1)}\nQuestion: Which ending makes the most sense?\n${lettered(choices)}\n` +
    "You may choose from 'A', 'B', 'C', 'D'.\nAnswer:";
  return optionItem(row, prompt, 4, gold, context);
}

function afterColons(text: string, most: number): string {
  let rest = text;
  for (let i = 0; i < most; i++) {
    const at = rest.indexOf(": ");
    if (at < 0) break;
    rest = rest.slice(at + 2);
  }
  return rest;
}

export const hellaswag: Benchmark = {
  id: "hellaswag",
  label: "HellaSwag",
  domain: "general",
  version: 1,
  licence: "MIT (Zellers et al.)",
  fields: "activity_label, ctx_a, ctx_b, endings, label",
  reports:
    "acc_norm and acc: share of contexts whose right ending is the likeliest, per character or as a whole.",
  shots: 0,
  modes: choiceModes,
  recognises: (row) => hasFields(row, "activity_label", "ctx_a", "ctx_b", "endings"),
  rules: (mode) => choiceRules(mode, true),
  item: hellaswagItem,
};
