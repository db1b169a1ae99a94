import { canonicalJson } from "../canonical";
import type { PlainObject } from "./sharded";
import { quote, shorten } from "./strict-json";

const FIELDS = [
  ..."bos_token eos_token unk_token pad_token sep_token cls_token mask_token additional_special_tokens".split(
    " ",
  ),
  ..."extra_special_tokens added_tokens_decoder add_bos_token add_eos_token add_prefix_space".split(" "),
];

/**
 * The first special token in which two tokenizer_config.json differ, as the end of a sentence that begins with the second;
 * null where they are equal. For checkpoints without tokenizer.json, which says more.
 */
export function specialTokenDifference(base: PlainObject, own: PlainObject): string | null {
  for (const field of FIELDS) {
    const [a, b] = [content(base[field]), content(own[field])];
    if (canonicalJson(a) !== canonicalJson(b))
      return `has ${show(b)} as ${quote(field)}, the base's has ${show(a)}`;
  }
  return null;
}

/** A token is written as text, or as an object with its content and how it is found. */
function content(value: unknown): unknown {
  if (value === undefined || value === null || value === false) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(content);
  if (typeof value !== "object") return value;
  const fields = value as PlainObject;
  if (typeof fields.content === "string") return fields.content;
  const entries = Object.entries(fields).map(([key, part]) => [key, content(part)]);
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

const show = (value: unknown): string => (value === null ? "nothing" : shorten(JSON.stringify(value)));
