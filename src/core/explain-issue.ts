import type * as z from "zod/mini";
import { quote, shorten } from "./checkpoint/quote";

const KINDS: Readonly<Record<string, string>> = { record: "object", int: "whole number", array: "list" };

/** What a zod schema found wrong, as a sentence that begins with the field's place: `"components[3].beta" must be at most 1.` */
export function explainIssue(issue: z.core.$ZodIssue, whole = "the file"): string {
  const place = issue.path.map((p) => (typeof p === "number" ? `[${p}]` : `.${String(p)}`)).join("");
  const field = place === "" ? whole : quote(place.replace(/^\./, ""));
  switch (issue.code) {
    case "invalid_type":
      return `${field} is missing or no ${KINDS[issue.expected] ?? issue.expected}.`;
    case "invalid_value":
      return `${field} must be ${issue.values.map((v) => JSON.stringify(v)).join(" or ")}.`;
    case "too_small":
      return `${field} must be at least ${issue.minimum}${issue.origin === "array" || issue.origin === "string" ? " long" : ""}.`;
    case "too_big":
      return `${field} must be at most ${issue.maximum}${issue.origin === "array" || issue.origin === "string" ? " long" : ""}.`;
    case "invalid_key":
      return `${field} is no name that can stand there${firstMessage(issue.issues)}.`;
    case "custom":
      return `${field} ${shorten(issue.message)}.`;
    default:
      return `${field} is invalid (${issue.code.replaceAll("_", " ")}).`;
  }
}

function firstMessage(issues: readonly z.core.$ZodIssue[]): string {
  const [first] = issues;
  return first?.code === "custom" ? `: it ${shorten(first.message)}` : "";
}
