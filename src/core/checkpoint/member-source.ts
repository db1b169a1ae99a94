import { fail, ok, type Result } from "../result";
import { hasHiddenCharacters } from "../safe-text";
import { quote } from "./strict-json";

/**
 * Where a member's checkpoint lies, as `source` states it in demix-set.json:
 * - "code/": a folder relative to the set file;
 * - "https://host/path/": a folder on a web server;
 * - "hf://owner/name@revision": a Hugging Face repository (revision "main" when absent);
 * - "local:NAME": a folder on somebody's disk, which has to be chosen again where its handle is not known.
 */
export type MemberSource =
  | { readonly kind: "relative"; readonly path: string }
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "hub"; readonly repo: string; readonly revision: string }
  | { readonly kind: "local"; readonly name: string };

const NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
const HUB = new RegExp(`^hf://(${NAME}/${NAME})(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,127}))?$`);
/** Servers take "%2e" for a dot, and addresses lose white space at their ends. */
const OUT = /^[/\\\s]|\s$|[\\:?#]|%(2e|2f|5c|00)|(^|\/)\.\.?(\/|$)|\/\//i;

/** `file` is the set file, for the message. */
export function parseSource(text: string, file: string): Result<MemberSource> {
  const bad = (message: string) =>
    fail("bad-set", `the source ${quote(text)} ${message}.`, {
      file,
      remedy: 'Write a folder ("code/"), "https://host/path/", "hf://owner/name@revision" or "local:NAME".',
    });
  if (text.length === 0 || text.length > 1000) return bad("is empty or longer than 1000 characters");
  if (hasHiddenCharacters(text)) return bad("has control characters, line breaks or direction marks");
  if (text.startsWith("hf://")) {
    const [, repo, revision = "main"] = HUB.exec(text) ?? [];
    if (!repo || revision.split("/").some((part) => part === "" || /^\.\.?$/.test(part)))
      return bad("is no Hugging Face repository");
    return ok({ kind: "hub", repo, revision });
  }
  if (text.startsWith("local:")) {
    const name = text.slice(6);
    return name.length > 0 ? ok({ kind: "local", name }) : bad("names no folder");
  }
  if (/^https?:\/\//i.test(text)) {
    if (/[\\\s]|^https?:\/\/\//i.test(text) || !URL.canParse(text)) return bad("is no address");
    const url = new URL(text);
    if (url.username || url.password || /[?#]/.test(text))
      return bad("must have neither user name, password, query nor fragment");
    return ok({ kind: "http", url: url.href.endsWith("/") ? url.href : `${url.href}/` });
  }
  if (OUT.test(text)) return bad("is no folder relative to the set file");
  return ok({ kind: "relative", path: text.endsWith("/") ? text : `${text}/` });
}

/** The text that `parseSource` reads back. */
export function sourceText(source: MemberSource): string {
  switch (source.kind) {
    case "relative":
      return source.path;
    case "http":
      return source.url;
    case "hub":
      return `hf://${source.repo}@${source.revision}`;
    case "local":
      return `local:${source.name}`;
  }
}
