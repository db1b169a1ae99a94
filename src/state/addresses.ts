import { type MemberSource, parseSource } from "../core/checkpoint/member-source";
import { fail, ok, type Problem, type Result } from "../core/result";

export interface NamedSource {
  readonly source: Extract<MemberSource, { kind: "http" | "hub" }>;
  /** As people know it. */
  readonly name: string;
}

const HUB_PAGE = /^https:\/\/huggingface\.co\/([^/]+\/[^/]+?)(?:\/(?:tree|blob)\/([^/]+))?\/?$/;
const REPO = /^[A-Za-z0-9][\w.-]*\/[\w.-]+(@[\w./-]+)?$/;

/**
 * What somebody typed or pasted, one a line: a folder on a web server, the address of a set file, or a Hugging Face
 * repository as "owner/name", "owner/name@revision", "hf://…" or the address of its page.
 */
export function readAddresses(text: string): {
  readonly sources: NamedSource[];
  readonly problems: Problem[];
} {
  const sources: NamedSource[] = [];
  const problems: Problem[] = [];
  for (const line of text.split(/[\n,;]+/).map((part) => part.trim())) {
    if (line === "") continue;
    const source = readAddress(line);
    if (source.ok) sources.push(source.value);
    else problems.push(source.problem);
  }
  return { sources, problems };
}

export function readAddress(line: string): Result<NamedSource> {
  const [, repo, revision] = HUB_PAGE.exec(line) ?? [];
  const written = repo
    ? `hf://${repo}${revision ? `@${decodeURIComponent(revision)}` : ""}`
    : REPO.test(line)
      ? `hf://${line}`
      : line;
  const remedy = "Write https://host/path/, or owner/name@revision for a Hugging Face repository.";
  const file = line.slice(0, 120);
  if (!/^(https?|hf):\/\//i.test(written))
    return fail("bad-set", "is neither an address nor a Hugging Face repository.", { file, remedy });
  const source = parseSource(written, file);
  if (!source.ok) return fail("bad-set", source.problem.message, { file, remedy });
  const { value } = source;
  if (value.kind === "hub") return ok({ source: value, name: `${value.repo}@${value.revision}` });
  if (value.kind !== "http") return fail("bad-set", "is no address.", { file, remedy });
  return ok({ source: value, name: value.url });
}

/** Whether an address names a set file, by its ending. */
export const namesSetFile = ({ source }: NamedSource): boolean =>
  source.kind === "http" && /\.json\/?$/i.test(source.url);
