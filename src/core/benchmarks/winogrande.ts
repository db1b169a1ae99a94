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
import { lettered, optionItem, pplItem } from "./choice-item";
import { hasFields, type Row, textField, wholeField } from "./row";

function winograndeItem(row: Row, context: ItemContext): Item | LeftOut {
  const sentence = textField(row, "sentence");
  const options = [textField(row, "option1"), textField(row, "option2")] as string[];
  if (sentence === undefined || options.includes(undefined as never))
    return leftOut("sentence, option1 or option2 is no text");
  const answer = wholeField(row, "answer") ?? wholeField(row, "label");
  if (answer === undefined) return leftOut("answer is empty");
  if (answer !== 1 && answer !== 2) return leftOut("answer is neither 1 nor 2");
  const blank = sentence.indexOf("_");
  if (blank < 0) return leftOut('sentence has no "_"');
  const gold = answer - 1;
  if (context.mode === "opencompass-ppl") {
    const filled = options.map((option) => sentence.replaceAll("_", () => option));
    return pplItem(row, "Good sentence: ", filled, gold);
  }
  if (context.mode === "opencompass-gen")
    return optionItem(row, `Question: ${sentence}\n${lettered(options)}\nAnswer:`, 2, gold, context);
  const ending = pythonStrip(sentence.slice(blank + 1));
  if (ending === "") return leftOut('nothing follows the "_"');
  return {
    context: "",
    contexts: options.map((option) => sentence.slice(0, blank) + option),
    choices: options.map(() => ` ${ending}`),
    gold,
    source: { doc: row, target: ending },
  };
}

export const winogrande: Benchmark = {
  id: "winogrande",
  label: "WinoGrande",
  domain: "general",
  version: 1,
  licence: "CC BY (Allen Institute for AI)",
  fields: "sentence, option1, option2, answer",
  reports: "acc: share of sentences whose end is likelier behind the right option.",
  shots: 0,
  modes: choiceModes,
  recognises: (row) => hasFields(row, "sentence", "option1", "option2"),
  rules: (mode) => choiceRules(mode, false),
  item: winograndeItem,
};
