import { expect, it } from "vitest";
import { parseSource } from "../core/checkpoint/member-source";
import { setSpecText } from "../core/checkpoint/set-spec";
import { sentence } from "../core/result";
import type { FolderRef } from "../protocol/folder-ref";
import {
  type Candidate,
  candidateOf,
  composeSet,
  EMPTY_DRAFT,
  newCandidate,
  type SetDraft,
  tokenCount,
  withFound,
} from "./compose-set";

const SUMMARY = {
  kind: "model",
  architecture: "Qwen3ForCausalLM",
  parameters: 1,
  bytes: 4,
  dtype: "F32",
  hasTokenizer: true,
} as const;

let keys = 0;
function found(name: string, written = `local:${name}`): Candidate {
  const source = parseSource(written, "test");
  if (!source.ok) throw new Error(source.problem.message);
  const { value } = source;
  const ref: FolderRef =
    value.kind === "hub"
      ? { kind: "hub", repo: value.repo, revision: value.revision, token: "hf_secret" }
      : value.kind === "http"
        ? { kind: "http", url: value.url }
        : { kind: "files", name, files: [] };
  const candidate = newCandidate({ name, source: value, ref, root: null }, `k${++keys}`);
  return { ...candidate, check: { phase: "fine", summary: SUMMARY } };
}

const draftOf = (...candidates: Candidate[]): SetDraft => withFound(EMPTY_DRAFT, candidates);
const change = (draft: SetDraft, name: string, patch: Partial<Candidate>): SetDraft => ({
  ...draft,
  candidates: draft.candidates.map((c) => (c.name === name ? { ...c, ...patch } : c)),
});
const said = (draft: SetDraft) => {
  const composed = composeSet(draft);
  return composed.ok ? composed.value : sentence(composed.problem);
};

it("guesses base and general component by their names, and takes an address once", () => {
  const draft = draftOf(
    found("runs/code"),
    found("runs/base"),
    found("runs/general-data"),
    found("runs/general"),
  );
  expect(draft.candidates.find((c) => c.key === draft.base)?.name).toBe("runs/base");
  expect(draft.candidates.filter((c) => c.general).map((c) => c.name)).toEqual(["runs/general-data"]);
  const hub = () => found("team/law@main", "hf://team/law");
  expect(withFound(draftOf(hub()), [hub()]).candidates).toHaveLength(1);
  // Folders of one name may lie in different places.
  expect(withFound(draftOf(found("a/x")), [found("a/x")]).candidates).toHaveLength(2);
});

it("composes a set file without tokens, with what is not known left open", () => {
  let draft = draftOf(
    found("runs/base"),
    found("runs/code"),
    found("team/law@main", "hf://team/law"),
    found("runs/out"),
  );
  draft = change(draft, "runs/code", { beta: "0,5", supply: "1.5 B", trainedOn: " Python " });
  draft = change(draft, "runs/out", { used: false });
  const composed = said({ ...draft, name: "Team" });
  if (typeof composed === "string") throw new Error(composed);
  const { spec, folders } = composed;
  expect(spec).toMatchObject({ name: "Team", beta: 0.5, base: { source: "local:runs/base" } });
  expect(spec.components.map((c) => [c.id, c.source, c.trainedOn, c.beta, c.supplyTokens])).toEqual([
    ["code", "local:runs/code", "Python", 0.5, 1.5e9],
    ["law", "hf://team/law@main", "", null, null],
  ]);
  expect(Object.keys(folders)).toEqual(["base", "code", "law"]);
  expect(setSpecText(spec)).not.toContain("hf_secret");
});

it.each<[string, (draft: SetDraft) => SetDraft, RegExp]>([
  ["no base", (d) => ({ ...d, base: null }), /No checkpoint is marked as the base/],
  ["no component", (d) => change(d, "runs/code", { used: false }), /has no component/],
  ["a share that is none", (d) => change(d, "runs/code", { beta: "2" }), /β of "code" is 2/],
  ["a share of the set that is none", (d) => ({ ...d, beta: "" }), /β is empty/],
  [
    "a supply that is none",
    (d) => change(d, "runs/code", { supply: "much" }),
    /token supply of "code" is much/,
  ],
  [
    "a checkpoint that was refused",
    (d) =>
      change(d, "runs/code", { check: { phase: "refused", problem: { kind: "bad-file", message: "x" } } }),
    /"runs\/code" cannot be opened/,
  ],
])("refuses %s in words that say what to do", (_, spoil, why) => {
  const words = said(spoil(draftOf(found("runs/base"), found("runs/code"))));
  expect(words).toMatch(why);
  expect(words).toMatch(/\. [A-Z].*\.$/);
});

it("finds the row that a problem is about, and none where it cannot be told", () => {
  const rows = [
    found("runs/code"),
    found("runs/code_high"),
    found("law@main", "hf://team/law"),
    found("w", "https://h/x/w/"),
  ];
  const nameOf = (file: string) => candidateOf(rows, { kind: "bad-file", message: "", file })?.name ?? null;
  expect(nameOf("runs/code/config.json")).toBe("runs/code");
  expect(nameOf("runs/code_high/model.safetensors")).toBe("runs/code_high");
  expect(nameOf("hf://team/law@main/config.json")).toBe("law@main");
  expect(nameOf("x/w/config.json")).toBe("w");
  expect(nameOf("elsewhere/config.json")).toBeNull();
  const twins = [found("a/run"), found("a/run")];
  expect(candidateOf(twins, { kind: "bad-file", message: "", file: "a/run/config.json" })).toBeNull();
});

it("reads token counts as people write them", () => {
  expect(["1500000", "1_500_000", "1,500,000", "1.5 M", "2b", "3k"].map(tokenCount)).toEqual([
    1_500_000, 1_500_000, 1_500_000, 1_500_000, 2e9, 3000,
  ]);
  expect(["", "many", "1.5 X", "-3", "1.2.3"].map(tokenCount)).toEqual([null, null, null, null, null]);
});
