import { beforeEach, expect, it } from "vitest";
import type { SetInfo } from "../core/checkpoint/component-set";
import { setSpecText } from "../core/checkpoint/set-spec";
import { tinySpec } from "../core/checkpoint/tiny-set";
import { LINEAR } from "../core/merge/merge-choice";
import { fail, ok } from "../core/result";
import { measurementAddress, measurementKey } from "../core/scoring/address";
import type { Measurement } from "../core/scoring/measurement";
import { choiceFacts, smallLayout } from "../core/scoring/small-layout";
import type { Engine } from "../engine/engine";
import { createMemoryJournal } from "../engine/journal";
import type { BackendInfo, FolderSet, OpenedSet } from "../protocol/engine-protocol";
import type { TaskBundle } from "../protocol/task-protocol";
import type { EngineSeat } from "./engine-seat";
import { measure } from "./measuring";
import { useMixture } from "./mixture-store";
import { createSetOpening } from "./set-opening";
import { NOTHING_KNOWN, openedSet, useWorkbench } from "./workbench-store";

const BACKEND: BackendInfo = { kind: "wasm", threads: 1, reason: "a stub", selfTests: [], versions: {} };
const layout = smallLayout([
  {
    id: "t",
    domain: "d",
    outputType: "multiple_choice",
    accuracy: "acc",
    continuous: "gold_prob",
    facts: [choiceFacts(0, [1, 1])],
  },
]);
const HEALTH = [{ id: "a", delta: 0.02, groups: [], cosines: [1], signAgreement: [1] }];

const folderSet = (name: string, components: readonly string[]): FolderSet => ({
  text: setSpecText({ ...tinySpec(components), name }),
  file: "demix-set.json",
  folders: {},
  home: null,
  tasks: "tasks.json",
});

function opened(name: string, ids: readonly string[], known: Partial<SetInfo>): OpenedSet {
  const set: SetInfo = {
    hash: null,
    spec: { ...tinySpec(ids), name },
    architecture: "Qwen3ForCausalLM",
    parameters: 1,
    bytes: 1,
    residentBytes: 0,
    dtype: "F32",
    config: {},
    health: null,
    warnings: [],
    ...known,
  };
  return { set, tasks: layout, unscored: null, streamed: false, backend: BACKEND };
}

/** An engine whose answers a test holds back and gives. */
function scripted() {
  const answers: {
    open: (() => Promise<unknown>)[];
    health: ((signal: AbortSignal) => Promise<unknown>)[];
    tasks: (tasks: TaskBundle | null) => unknown;
  } = { open: [], health: [], tasks: () => ok(layout) };
  const engine = {
    openSet: () => answers.open.shift()!(),
    checkHealth: (signal: AbortSignal) => answers.health.shift()!(signal),
    setTasks: async (_: AbortSignal, tasks: TaskBundle | null) => answers.tasks(tasks),
  } as unknown as Engine;
  const seat: EngineSeat = {
    running: () => engine,
    backend: () => BACKEND,
    start: async () => ok(BACKEND),
    close: () => undefined,
  };
  const journal = createMemoryJournal();
  const told: string[] = [];
  const opening = createSetOpening({
    seat,
    journal,
    stop: () => void told.push("stop"),
    refit: async () => void told.push("refit"),
    ready: () => void told.push("ready"),
  });
  return { answers, engine, journal, told, opening };
}

async function record(hash: string, alpha: readonly number[]): Promise<Measurement> {
  const key = measurementKey(hash, layout.hash, { kind: "mixture", alpha }, LINEAR);
  const scores = new Float32Array(layout.floats);
  const rest = {
    done: 1,
    total: 1,
    backend: "wasm",
    origin: "measured",
    at: "2026",
    seconds: 1,
    versions: {},
  };
  return { address: await measurementAddress(key), key, scores, ...rest } as Measurement;
}

const never = () => new AbortController().signal;
const open = (opening: ReturnType<typeof scripted>["opening"], set: FolderSet) =>
  opening.openFolders(set, never(), () => undefined);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

beforeEach(() => {
  useWorkbench.setState({ set: { phase: "loading", name: null, progress: null }, engine: { phase: "off" } });
  useWorkbench.setState({ ...NOTHING_KNOWN, notices: [] });
});

it("replaces the open set as a whole, and brings its measurements back by its hash", async () => {
  const { answers, journal, told, opening } = scripted();
  await journal.put(await record("one", [0.5, 0.5]));
  answers.open.push(async () => ok(opened("One", ["a", "b"], { hash: "one", health: HEALTH })));
  expect((await open(opening, folderSet("One", ["a", "b"]))).ok).toBe(true);
  await settled();
  expect(useWorkbench.getState().measurements).toHaveLength(1);
  expect(told).toEqual(["stop", "ready", "refit"]);
  useMixture.getState().setAlpha([1, 0]);

  answers.open.push(async () => ok(opened("Two", ["a", "b", "c"], { hash: "two", health: HEALTH })));
  await open(opening, folderSet("Two", ["a", "b", "c"]));
  await settled();
  expect(openedSet()?.spec.name).toBe("Two");
  expect(useWorkbench.getState().records).toEqual([]);
  expect(useMixture.getState()).toMatchObject({ past: [], alpha: expect.arrayContaining([0.3334]) });
});

it("keeps the open set where another one cannot be opened", async () => {
  const { answers, told, opening } = scripted();
  answers.open.push(async () => ok(opened("One", ["a"], { hash: "one", health: HEALTH })));
  await open(opening, folderSet("One", ["a"]));
  answers.open.push(async () => fail("bad-set", "does not fit."));
  expect(await open(opening, folderSet("Two", ["a"]))).toMatchObject({ ok: false });
  expect(openedSet()?.spec.name).toBe("One");
  expect(told.filter((t) => t === "stop")).toHaveLength(1);
});

it("checks large weights by itself, can be cancelled and started again, and then knows the set", async () => {
  const { answers, journal, opening } = scripted();
  await journal.put(await record("late", [1]));
  answers.health.push(
    (signal) =>
      new Promise((resolve) =>
        signal.addEventListener("abort", () => resolve(fail("cancelled", "Stopped."))),
      ),
  );
  answers.open.push(async () => ok(opened("Large", ["a"], {})));
  await open(opening, folderSet("Large", ["a"]));
  expect(useWorkbench.getState().health.phase).toBe("running");
  expect(openedSet()?.hash).toBeNull();
  opening.cancelHealth();
  await settled();
  expect(useWorkbench.getState().health.phase).toBe("cancelled");
  expect(useWorkbench.getState().records).toEqual([]);

  answers.health.push(async () => ok(opened("Large", ["a"], { hash: "late", health: HEALTH }).set));
  await opening.checkHealth();
  expect(useWorkbench.getState()).toMatchObject({
    health: { phase: "idle" },
    records: [{ key: { set: "late" } }],
  });
  expect(openedSet()?.hash).toBe("late");
});

it("drops a measurement that ends after another set was opened", async () => {
  const { answers, engine, journal, opening } = scripted();
  answers.open.push(async () => ok(opened("One", ["a", "b"], { hash: "one", health: HEALTH })));
  await open(opening, folderSet("One", ["a", "b"]));
  await settled();
  let end: () => void = () => undefined;
  Object.assign(engine, {
    measure: () =>
      new Promise((resolve) => {
        const scores = new Float32Array(layout.floats);
        end = () =>
          resolve(ok({ scores, done: 1, total: 1, seconds: 1, complete: true, backend: "wasm", tokens: 1 }));
      }),
  });
  const wanted = { subject: { kind: "mixture", alpha: [0.5, 0.5] }, method: LINEAR } as const;
  const measuring = measure(engine, journal, wanted, "search", never());
  answers.open.push(async () => ok(opened("Two", ["a", "b"], { hash: "two", health: HEALTH })));
  await open(opening, folderSet("Two", ["a", "b"]));
  end();
  expect(await measuring).toMatchObject({ ok: false, problem: { kind: "cancelled" } });
  expect(useWorkbench.getState().records).toEqual([]);
  const kept = await journal.load();
  expect(kept.ok && kept.value.records).toEqual([]);
});

it("scores the open set on other tasks, keeps what was measured, and gives it back with its own", async () => {
  const { answers, journal, told, opening } = scripted();
  await journal.put(await record("one", [0.5, 0.5]));
  answers.open.push(async () => ok(opened("One", ["a", "b"], { hash: "one", health: HEALTH })));
  await open(opening, folderSet("One", ["a", "b"]));
  await settled();
  useMixture.getState().setAlpha([1, 0]);

  const other = { ...layout, hash: "other", name: "Other" };
  answers.tasks = (tasks) => ok(tasks ? other : layout);
  const bundle: TaskBundle = {
    spec: { format: "demix-tasks", version: 2, name: "Other", domains: [], tasks: [] },
    items: [],
  };
  told.length = 0;
  const adopted: string[] = [];
  await opening.setTasks(bundle, never(), async (next) => void adopted.push(next.layout.hash));
  expect(adopted).toEqual(["other"]);
  expect(openedSet()).toMatchObject({
    layout: { name: "Other" },
    own: { layout: { hash: "small" } },
    hash: "one",
  });
  expect(useWorkbench.getState().measurements).toEqual([]);
  // The mixture stays where it is.
  expect(useMixture.getState().alpha).toEqual([1, 0]);
  expect(told).toEqual(["stop", "stop", "ready", "refit"]);

  answers.tasks = () => fail("bad-task", "an item has no tokens.");
  expect((await opening.setTasks(bundle, never())).ok).toBe(false);
  expect(openedSet()?.layout.name).toBe("Other");

  answers.tasks = () => ok(layout);
  await opening.setTasks(null, never());
  expect(openedSet()).toMatchObject({ layout: { hash: "small" }, own: null });
  expect(useWorkbench.getState().measurements).toHaveLength(1);

  // The same items in other domains: the measurements stay, the layout is another.
  const regrouped = { ...layout, domains: [{ id: "e", label: "E" }] };
  answers.tasks = () => ok(regrouped);
  await opening.setTasks(bundle, never());
  expect(openedSet()?.own).not.toBeNull();
  expect(useWorkbench.getState().measurements).toHaveLength(1);
});
