import lz from "lz-string";
import * as z from "zod/mini";
import { parseStrictJson, toPlain } from "../checkpoint/strict-json";
import { explainIssue } from "../explain-issue";
import { LINEAR, type MergeChoice } from "../merge/merge-choice";
import { isMixture } from "../mixture/mixture";
import { fail, ok, type Result } from "../result";
import { plainChoice } from "../scoring/address";

const text = (max: number) => z.string().check(z.maxLength(max));
const index = z.int().check(z.minimum(0), z.maximum(999));

const linkSchema = z.object({
  version: z.literal(1),
  /** Hash of the component set: a link means nothing for other weights. */
  set: text(128),
  alpha: z.array(z.number()).check(z.minLength(1), z.maxLength(1000)),
  page: z.optional(text(40)),
  view: z.optional(z.enum(["continuous", "accuracy"])),
  target: z.optional(text(200)),
  /** Components at the corners of the triangle. */
  axes: z.optional(z.tuple([index, index, index])),
  /** How α is merged; linear when absent. */
  method: z.optional(z.object({ name: text(80), parameters: z.record(text(80), z.number()) })),
  name: z.optional(text(200)),
  note: z.optional(text(2000)),
});

/** What a link reopens. */
export type LinkState = z.infer<typeof linkSchema>;

const PREFIX = "#s=";
/** Longest hash that is read; far above any that is written. */
const LONGEST = 20_000;
/** Longest text that a hash stands for; a few thousand characters can stand for millions. */
const LONGEST_TEXT = 200_000;

/** The URL's hash for a state, "#s=…". */
export const linkHash = (state: LinkState): string =>
  PREFIX + lz.compressToEncodedURIComponent(JSON.stringify(state));

/** The part of a state that names the merge method; nothing for linear with its defaults. */
export function linkMethod(choice: MergeChoice): Pick<LinkState, "method"> {
  const { name, parameters } = plainChoice(choice);
  const plain = name === LINEAR.name && Object.keys(parameters).length === 0;
  return plain ? {} : { method: { name, parameters: { ...parameters } } };
}

/** Null when the hash holds no shared state (an ordinary link), a failure when it holds a broken one. */
export function readLinkHash(hash: string): Result<LinkState | null> {
  if (!hash.startsWith(PREFIX)) return ok(null);
  const broken = (why: string) =>
    fail<LinkState | null>("bad-recipe", `The link's state ${why}.`, {
      remedy: "Ask for the link again, whole.",
    });
  if (hash.length > LONGEST) return broken("is longer than any that the workbench writes");
  const text = lz.decompressFromEncodedURIComponent(hash.slice(PREFIX.length)) ?? "";
  if (text.length > LONGEST_TEXT) return broken("is longer than any that the workbench writes");
  const parsedText = parseStrictJson(text, "the link", { ownFormat: true });
  if (!parsedText.ok) return broken("cannot be read: it is cut off or changed");
  const json = toPlain(parsedText.value);
  if (hasNewerVersion(json)) {
    return fail("bad-recipe", "The link was made by a newer workbench.", {
      remedy: "Reload the page to update it.",
    });
  }
  const parsed = z.safeParse(linkSchema, json);
  if (!parsed.success)
    return broken(
      `does not hold what is expected: ${explainIssue(parsed.error.issues[0]!).replace(/\.$/, "")}`,
    );
  if (!isMixture(parsed.data.alpha, parsed.data.alpha.length))
    return broken("has a mixture that does not sum to 1");
  return ok(parsed.data);
}

const hasNewerVersion = (json: unknown): boolean =>
  typeof json === "object" &&
  json !== null &&
  "version" in json &&
  typeof json.version === "number" &&
  json.version > 1;
