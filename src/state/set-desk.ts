import { sha256 } from "../core/canonical";
import { setSpecText } from "../core/checkpoint/set-spec";
import type { Problem } from "../core/result";
import type { FolderSet } from "../protocol/engine-protocol";
import type { FolderRef } from "../protocol/folder-ref";
import { candidateOf, composeSet, EMPTY_DRAFT } from "./compose-set";
import type { Controller } from "./controller";
import { askedSet, keepLastSet, lastSet, showSetAddress } from "./last-set";
import { useOpening } from "./opening-store";
import { type RecentSet, recentSet, recentSets, rememberSet, reopened, storable } from "./recent-sets";
import { rememberFolder } from "./remembered-folders";
import { readSetAt, readSetFile, type SetFile } from "./set-file";
import { openedSet, useWorkbench } from "./workbench-store";

export interface DeskParts {
  readonly controller: Pick<Controller, "openShipped" | "openFolders" | "warmUp">;
  /** Folder of the set that ships with the workbench, absolute. */
  readonly demo: string;
  /** Hash of the set that a shared link in the address asks for. */
  readonly linked: () => string | null;
  /** Called when a set was opened by somebody, and not by a reload. */
  readonly opened: () => void;
}

/** Where sets are chosen, opened, remembered and brought back after a reload. */
export function createSetDesk({ controller, demo, linked, opened }: DeskParts) {
  let running: AbortController | null = null;
  /** False while the page brings back what was open. */
  let openedByHand = true;
  const tasks = new URL("tasks.json", demo).href;

  /** Opens a set in the place of the open one; resolves with whether it did. */
  async function open(
    set: Omit<FolderSet, "tasks">,
    about: { readonly name: string; readonly components: number; readonly address: string | null },
    roots: readonly FileSystemDirectoryHandle[],
  ): Promise<boolean> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    useOpening.setState({ opening: { name: about.name, progress: null }, problem: null });
    if (!openedSet()) useWorkbench.setState({ set: { phase: "loading", name: about.name, progress: null } });
    const result = await controller.openFolders({ ...set, tasks }, mine.signal, (progress) => {
      if (running !== mine) return;
      useOpening.setState({ opening: { name: about.name, progress } });
      if (!openedSet()) useWorkbench.setState({ set: { phase: "loading", name: about.name, progress } });
    });
    if (running !== mine) return false;
    running = null;
    useOpening.setState({ opening: null });
    if (!result.ok) {
      showProblem(result.problem);
      if (!openedSet()) useWorkbench.setState({ set: { phase: "failed", problem: result.problem } });
      return false;
    }
    const id = (await sha256(set.text)).slice(0, 16);
    useOpening.setState({ draft: EMPTY_DRAFT, file: null, problem: null, current: id });
    keepLastSet(id);
    showSetAddress(about.address);
    await remember(id, set, about, roots, result.value.hash);
    if (openedByHand) opened();
    return true;
  }

  /** A checkpoint's problem stands in its row. */
  function showProblem(problem: Problem): void {
    if (problem.kind === "cancelled") return;
    const { draft } = useOpening.getState();
    const row = candidateOf(draft.candidates, problem);
    if (!row) {
      useOpening.setState({ problem });
      return;
    }
    const candidates = draft.candidates.map((c) => ({ ...c, problem: c === row ? problem : null }));
    useOpening.setState({ draft: { ...draft, candidates } });
  }

  async function remember(
    id: string,
    { text, file, folders, home }: Omit<FolderSet, "tasks">,
    { name, components }: { readonly name: string; readonly components: number },
    roots: readonly FileSystemDirectoryHandle[],
    hash: string | null,
  ): Promise<void> {
    const kept: RecentSet = {
      id,
      name,
      components,
      openedAt: Date.now(),
      hash,
      set: { text, file },
      folders: Object.fromEntries(Object.entries(folders).map(([key, ref]) => [key, storable(ref)])),
      home: home && storable(home),
      roots,
    };
    await rememberSet(kept);
    await loadRecents();
  }

  async function loadRecents(): Promise<void> {
    useOpening.setState({ recents: await recentSets() });
  }

  /** The hash of a large set is known when its weights were read: then its links find it. */
  const offHash = useWorkbench.subscribe((now, before) => {
    if (now.set === before.set || now.set.phase !== "ready") return;
    const { hash } = now.set.set;
    const { current } = useOpening.getState();
    const known = useOpening.getState().recents.find((r) => r.id === current);
    if (known && hash !== null && known.hash !== hash) void rememberSet({ ...known, hash }).then(loadRecents);
  });

  /** Opens what is composed in the draft. */
  async function openDraft(): Promise<void> {
    const { draft } = useOpening.getState();
    const composed = composeSet(draft);
    if (!composed.ok) {
      useOpening.setState({ problem: composed.problem });
      return;
    }
    const { spec, folders, roots } = composed.value;
    for (const c of draft.candidates)
      if (c.source.kind === "local" && c.ref.kind === "handle")
        void rememberFolder(c.source.name, { name: c.name, ref: c.ref });
    const set = { text: setSpecText(spec), file: "demix-set.json", folders, home: null };
    const about = { name: spec.name, components: spec.components.length, address: null };
    await open(set, about, roots);
  }

  /** Opens a set file; where members are missing they are asked for instead. */
  async function openFile(file: SetFile, roots: readonly FileSystemDirectoryHandle[] = []): Promise<boolean> {
    if (file.missing.length > 0) {
      useOpening.setState({ file, problem: null, looking: null });
      return false;
    }
    const { spec, text, folders, home, address } = file;
    const about = { name: spec.name, components: spec.components.length, address };
    return open({ text, file: file.file, folders, home }, about, roots);
  }

  /** In a click: the browser may ask for its permission. */
  async function openRecent(recent: RecentSet, mayAsk = true): Promise<boolean> {
    const { token } = useOpening.getState();
    const { text, file } = recent.set;
    let state = await reopened(recent, token);
    if (state.state === "ask" && mayAsk && (await state.allow())) state = await reopened(recent, token);
    if (state.state === "ask") {
      refuse(recent, {
        kind: "bad-set",
        message: `The browser asks before it reads the folders of "${recent.name}" again.`,
        remedy: "Open it again, and allow it.",
      });
      return false;
    }
    if (state.state === "ready") {
      const address = recent.home?.kind === "http" && /^https?:/.test(file) ? file : null;
      const about = { name: recent.name, components: recent.components, address };
      return open({ text, file, folders: state.folders, home: state.home }, about, recent.roots);
    }
    const read = await readSetFile(text, file, recent.home, token);
    if (!read.ok) {
      refuse(recent, read.problem);
      return false;
    }
    const known = Object.entries(recent.folders).filter((e): e is [string, FolderRef] => e[1] !== null);
    const folders = { ...read.value.folders, ...Object.fromEntries(known) };
    const missing = read.value.missing.filter(({ id }) => !folders[id]);
    if (!openedSet() && missing.length > 0)
      refuse(recent, {
        kind: "bad-set",
        message: `The browser does not keep the folders of "${recent.name}".`,
        remedy: "Choose them again.",
      });
    return openFile({ ...read.value, folders, missing }, recent.roots);
  }

  function refuse(recent: RecentSet, problem: Problem): void {
    useOpening.setState({ problem });
    if (!openedSet()) useWorkbench.setState({ set: { phase: "failed", problem, recent } });
  }

  async function openAddress(address: string): Promise<boolean> {
    const read = await readSetAt(address, useOpening.getState().token);
    if (read.ok) return openFile(read.value);
    useOpening.setState({ problem: read.problem });
    if (!openedSet()) useWorkbench.setState({ set: { phase: "failed", problem: read.problem } });
    return false;
  }

  /** Opens the set file at an address where there is one. */
  async function openAddressIfSet(address: string): Promise<boolean> {
    const read = await readSetAt(address, useOpening.getState().token);
    if (read.ok) await openFile(read.value);
    return read.ok;
  }

  async function openDemo(): Promise<void> {
    running?.abort();
    running = null;
    useOpening.setState({ opening: null, current: null, problem: null });
    const shown = await controller.openShipped(demo);
    if (!shown.ok) return;
    keepLastSet(null);
    showSetAddress(null);
    await controller.warmUp();
  }

  /** What the page opens with: the set of its address, of a shared link, the one that was open last, or the demo set. */
  async function restore(): Promise<void> {
    openedByHand = false;
    await bringBack();
    openedByHand = true;
  }

  async function bringBack(): Promise<void> {
    void loadRecents();
    const asked = askedSet();
    const hash = linked();
    if (asked !== null && asked !== "demo" && URL.canParse(asked, location.href)) {
      await openAddress(new URL(asked, location.href).href);
      return;
    }
    const id = lastSet();
    const recent =
      hash !== null ? (await recentSets()).find((r) => r.hash === hash) : id && (await recentSet(id));
    if (asked === "demo" || !recent) return openDemo();
    useWorkbench.setState({ set: { phase: "loading", name: recent.name, progress: null } });
    await openRecent(recent, false);
  }

  function cancel(): void {
    running?.abort();
  }

  return {
    openDraft,
    openFile,
    openRecent,
    openAddress,
    openAddressIfSet,
    openDemo,
    restore,
    cancel,
    loadRecents,
    close: offHash,
  };
}

export type SetDesk = ReturnType<typeof createSetDesk>;
