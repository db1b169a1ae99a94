import type { MemberSource } from "../core/checkpoint/member-source";
import type { Problem } from "../core/result";
import type { FolderRef } from "../protocol/folder-ref";
import { namesSetFile, readAddresses } from "./addresses";
import { findCheckpoints } from "./checkpoint-folders";
import { newCandidate, withFound } from "./compose-set";
import type { Controller } from "./controller";
import type { LocalFolder } from "./folder-access";
import { setDraft, useOpening } from "./opening-store";
import { rememberFolder } from "./remembered-folders";
import type { SetDesk } from "./set-desk";
import { folderWithin, readSetFile, readSetIn, type SetFile } from "./set-file";

let keys = 0;

/** Takes what was chosen, dropped or named: sets are opened, checkpoints become rows of the draft. */
export function createMemberFinder(controller: Pick<Controller, "inspect">, desk: SetDesk) {
  /** Folders that were chosen or dropped; loose files count as one folder. */
  async function takeFolders(folders: readonly LocalFolder[]): Promise<void> {
    for (const folder of folders) {
      useOpening.setState({ looking: `Looking into ${folder.name} …`, problem: null });
      await takeFolder(folder);
    }
    useOpening.setState({ looking: null });
  }

  async function takeFolder(folder: LocalFolder): Promise<void> {
    const lone = await loneSetFile(folder);
    if (lone) return takeSetText(lone.text, lone.name);
    const found = await findCheckpoints(folder);
    if (!found.ok) {
      useOpening.setState({ problem: found.problem });
      return;
    }
    const { set, checkpoints } = found.value;
    const { file } = useOpening.getState();
    if (file) return takeMissing(file, [...checkpoints, folder], folder);
    if (set) {
      const read = await readSetIn(set.ref, set.name, useOpening.getState().token);
      if (read.ok) await desk.openFile(read.value, rootsOf(folder));
      else useOpening.setState({ problem: read.problem });
      return;
    }
    if (checkpoints.length === 0) {
      useOpening.setState({ problem: nothingFound(folder.name) });
      return;
    }
    const root = folder.ref.kind === "handle" ? folder.ref.handle : null;
    add(checkpoints.map(({ name, ref }) => ({ name, ref, root, source: { kind: "local", name } })));
  }

  async function takeSetText(text: string, name: string): Promise<void> {
    const read = await readSetFile(text, name, null, useOpening.getState().token);
    if (read.ok) await desk.openFile(read.value);
    else useOpening.setState({ problem: read.problem });
  }

  /** A folder for members of a set file that were not found: by their names in it, or the only one that is missing. */
  async function takeMissing(
    file: SetFile,
    found: readonly LocalFolder[],
    chosen: LocalFolder,
    member?: string,
  ): Promise<void> {
    const folders: Record<string, FolderRef> = {};
    for (const { id, folder } of file.missing) {
      const ref = member === id ? chosen.ref : await matching(folder, found, chosen);
      if (!ref) continue;
      folders[id] = ref;
      if (ref.kind === "handle") void rememberFolder(folder, { name: folder, ref });
    }
    const only = file.missing[0];
    if (Object.keys(folders).length === 0 && file.missing.length === 1 && only) folders[only.id] = chosen.ref;
    if (Object.keys(folders).length === 0) {
      useOpening.setState({
        problem: {
          kind: "bad-set",
          message: `holds none of the folders that "${file.spec.name}" names.`,
          file: chosen.name,
          remedy: `Choose ${file.missing.map((m) => m.folder).join(", ")}, or a folder that holds them.`,
        },
      });
      return;
    }
    await desk.openFile(
      {
        ...file,
        folders: { ...file.folders, ...folders },
        missing: file.missing.filter(({ id }) => !folders[id]),
      },
      rootsOf(chosen),
    );
  }

  /** A folder for one member that is missing, or that holds several of them. */
  async function takeMember(folder: LocalFolder, member?: string): Promise<void> {
    const { file } = useOpening.getState();
    if (!file) return takeFolders([folder]);
    const found = await findCheckpoints(folder);
    if (found.ok) await takeMissing(file, [...found.value.checkpoints, folder], folder, member);
    else useOpening.setState({ problem: found.problem });
  }

  /** Folders that were remembered by the names in the set file. */
  async function takeMembers(folders: readonly LocalFolder[]): Promise<void> {
    const { file } = useOpening.getState();
    const [first] = folders;
    if (file && first) await takeMissing(file, folders, first);
  }

  /** Addresses and repositories, one a line; a set file among them is opened. Gives the lines that are neither. */
  async function takeAddresses(text: string): Promise<readonly string[]> {
    const { sources, problems } = readAddresses(text);
    const refused = problems.flatMap(({ file }) => (file ? [file] : []));
    const setFile = sources.find(namesSetFile);
    if (setFile) {
      useOpening.setState({ looking: `Reading ${setFile.name} …` });
      await desk.openAddress(setFile.source.kind === "http" ? setFile.source.url : "");
      useOpening.setState({ looking: null });
      return refused;
    }
    const { token } = useOpening.getState();
    add(
      sources.map(({ source, name }) => ({ name, source, ref: refOf(source, token), root: null })),
      // The address of a folder with a set file is no checkpoint, but it can be opened.
      sources.length === 1 && sources[0]!.source.kind === "http" ? sources[0]!.name : null,
    );
    useOpening.setState({ problem: problems[0] ?? null });
    return refused;
  }

  /** Merged models in the browser's own storage, by their folders. */
  function takeStored(folders: readonly { readonly name: string; readonly path: string }[]): void {
    add(
      folders.map(({ name, path }) => ({
        name,
        ref: { kind: "opfs", path },
        root: null,
        source: { kind: "local", name },
      })),
    );
  }

  type Found = Parameters<typeof newCandidate>[0];

  function add(found: readonly Found[], maybeSet: string | null = null): void {
    const candidates = found.map((f) => newCandidate(f, `c${++keys}`));
    setDraft((draft) => withFound(draft, candidates));
    for (const { key } of useOpening.getState().draft.candidates)
      if (candidates.some((c) => c.key === key)) void inspect(key, maybeSet);
  }

  async function inspect(key: string, maybeSet: string | null = null): Promise<void> {
    const candidate = useOpening.getState().draft.candidates.find((c) => c.key === key);
    if (!candidate) return;
    update(key, { check: { phase: "checking" }, problem: null });
    const result = await controller.inspect(new AbortController().signal, candidate.ref);
    if (!result.ok && maybeSet !== null) {
      const read = await desk.openAddressIfSet(maybeSet);
      if (read) {
        setDraft((draft) => ({ ...draft, candidates: draft.candidates.filter((c) => c.key !== key) }));
        return;
      }
    }
    update(key, {
      check: result.ok
        ? { phase: "fine", summary: result.value }
        : { phase: "refused", problem: result.problem },
    });
    chooseModelAsBase();
  }

  /** Tries the checkpoints of the hub again, with the token of now. */
  function tryAgain(key: string): void {
    const { token, draft } = useOpening.getState();
    const candidate = draft.candidates.find((c) => c.key === key);
    if (!candidate) return;
    if (candidate.source.kind === "hub") update(key, { ref: refOf(candidate.source, token) });
    void inspect(key);
  }

  return {
    takeFolders,
    takeAddresses,
    takeStored,
    takeMember,
    takeMembers,
    tryAgain,
  };
}

export type MemberFinder = ReturnType<typeof createMemberFinder>;

type Change = Partial<ReturnType<typeof newCandidate>>;

const update = (key: string, change: Change): void =>
  useOpening.setState(({ draft }) => ({
    draft: { ...draft, candidates: draft.candidates.map((c) => (c.key === key ? { ...c, ...change } : c)) },
  }));

/** An adapter is no base: where one was guessed, the first model takes its place. */
function chooseModelAsBase(): void {
  const { draft } = useOpening.getState();
  const base = draft.candidates.find((c) => c.key === draft.base);
  if (base?.check.phase !== "fine" || base.check.summary.kind !== "adapter") return;
  const model = draft.candidates.find((c) => c.check.phase === "fine" && c.check.summary.kind === "model");
  if (model) useOpening.setState({ draft: { ...draft, base: model.key } });
}

const rootsOf = ({ ref }: LocalFolder): FileSystemDirectoryHandle[] =>
  ref.kind === "handle" ? [ref.handle] : [];

function refOf(source: Extract<MemberSource, { kind: "http" | "hub" }>, token: string): FolderRef {
  if (source.kind === "http") return { kind: "http", url: source.url };
  return { kind: "hub", repo: source.repo, revision: source.revision, ...(token && { token }) };
}

/** The text of a single JSON file that is a component set, whatever its name. */
async function loneSetFile({ ref }: LocalFolder): Promise<{ text: string; name: string } | null> {
  if (ref.kind !== "files" || ref.files.length !== 1) return null;
  const { file } = ref.files[0]!;
  if (!/\.json$/i.test(file.name) || file.name === "config.json" || file.size > 16e6) return null;
  return { text: await file.text(), name: file.name };
}

/** The folder with a member's name: the whole name, the same place in the chosen folder, or alone with its last part. */
async function matching(
  name: string,
  found: readonly LocalFolder[],
  chosen: LocalFolder,
): Promise<FolderRef | null> {
  const plain = name.replace(/\/+$/, "");
  const whole = found.find((f) => f.name === plain);
  if (whole) return whole.ref;
  const inside = await folderWithin(chosen.ref, plain);
  if (inside && inside !== chosen.ref) return inside;
  const last = plain.split("/").at(-1);
  const alike = found.filter((f) => f.name.split("/").at(-1) === last);
  return alike.length === 1 ? alike[0]!.ref : null;
}

const nothingFound = (file: string): Problem => ({
  kind: "bad-set",
  message:
    "holds no checkpoint: no config.json, adapter_config.json or .safetensors in it or in its folders.",
  file,
  remedy: "Choose the folder of a Hugging Face checkpoint, or one that holds several.",
});
