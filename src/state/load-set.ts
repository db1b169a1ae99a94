import { sha256 } from "../core/canonical";
import { setHash } from "../core/checkpoint/set-hash";
import { parseSetSpec } from "../core/checkpoint/set-spec";
import { fail, ok, type Result } from "../core/result";
import { measurementAddress, measurementKey } from "../core/scoring/address";
import type { Measurement } from "../core/scoring/measurement";
import {
  backendOf,
  fitsLayout,
  parseRunsHeader,
  type RunsFile,
  splitScores,
  subjectOf,
} from "../core/scoring/runs-file";
import type { TaskSetLayout } from "../core/scoring/task";
import type { FolderSet, OpenedSet } from "../protocol/engine-protocol";
import { forgetHomeFile, readHomeFile, readHomeText } from "./home-files";
import type { LoadedSet } from "./workbench-store";

/** What a set has that cannot be scored: no tasks. */
const NO_TASKS: TaskSetLayout = { hash: "", name: "", domains: [], tasks: [], floats: 0 };

/**
 * Reads what the page needs of a set that states its tasks' layout and its weights' checksums, before any weight: the
 * set file and the layout. What was refused is fetched anew. `url` is the folder's, absolute, with a slash at its end.
 */
export async function loadShippedSet(url: string): Promise<Result<LoadedSet>> {
  const home = { kind: "http", url } as const;
  const loaded = await readShippedSet(url);
  if (!loaded.ok) for (const name of ["demix-set.json", "layout.json"]) forgetHomeFile(home, name);
  return loaded;
}

async function readShippedSet(url: string): Promise<Result<LoadedSet>> {
  const home = { kind: "http", url } as const;
  const [specText, layoutText] = await Promise.all([
    readHomeText(home, "demix-set.json"),
    readHomeText(home, "layout.json"),
  ]);
  if (!specText.ok) return specText;
  if (!layoutText.ok) return layoutText;
  const spec = parseSetSpec(specText.value, "demix-set.json");
  if (!spec.ok) return spec;
  const hash = await setHash(spec.value);
  if (!hash) {
    return fail("bad-set", "does not state the sha256 of its weight files.", {
      file: "demix-set.json",
      remedy: "Make the set anew, so that its measurements can be told from those of other weights.",
    });
  }
  let layout: TaskSetLayout;
  try {
    layout = JSON.parse(layoutText.value) as TaskSetLayout;
    if (!Array.isArray(layout.tasks) || typeof layout.floats !== "number")
      throw new Error("fields are missing");
  } catch (error) {
    return fail("bad-task", `cannot be read (${String(error)}).`, {
      file: "layout.json",
      remedy: "Build the set again.",
    });
  }
  const general = generalOf(spec.value);
  return ok({ reference: url, home, hash, spec: spec.value, layout, unscored: null, general, own: null });
}

/** The set that the engine opened from folders. */
export function loadedSet(reference: FolderSet, { set, tasks, unscored }: OpenedSet): LoadedSet {
  return {
    reference,
    home: reference.home,
    hash: set.hash,
    spec: set.spec,
    layout: tasks ?? NO_TASKS,
    unscored: tasks ? null : (unscored ?? { kind: "bad-task", message: "The set has no tasks." }),
    general: generalOf(set.spec),
    own: null,
  };
}

function generalOf({ components }: LoadedSet["spec"]): number | null {
  const general = components.findIndex((c) => c.general);
  return general < 0 ? null : general;
}

/** Reads a demix-runs file and its item scores; refuses one made for other tasks or with a wrong checksum. */
export async function loadRuns(set: LoadedSet, name: string): Promise<Result<RunsFile>> {
  if (!set.home) return fail("bad-set", "lies beside a set file that came alone.", { file: name });
  const json = await readHomeText(set.home, name);
  if (!json.ok) return json;
  const header = parseRunsHeader(json.value, name, set.spec.components.length);
  if (!header.ok) return header;
  const { scoresFile, scoresSha256 } = header.value;
  if (!fitsLayout(header.value, set.layout) || header.value.set !== set.hash) {
    return fail("bad-file", "was made for other weights or other tasks than this set's.", {
      file: name,
      remedy: "Score the runs again with the set as it is now.",
    });
  }
  const buffer = await readHomeFile(set.home, scoresFile);
  if (!buffer.ok) return buffer;
  const bytes = new Uint8Array(buffer.value);
  if ((await sha256(bytes)) !== scoresSha256) {
    return fail("bad-file", "does not have the checksum that its JSON states.", {
      file: scoresFile,
      remedy: "Fetch it again.",
    });
  }
  return splitScores(header.value, bytes, scoresFile);
}

/** The rows of a design as measurements shipped with the set whose hash is `hash`. */
export function shippedMeasurements(
  hash: string,
  layout: TaskSetLayout,
  file: RunsFile,
): Promise<Measurement[]> {
  const total = layout.tasks.reduce((n, t) => n + t.block.items, 0);
  return Promise.all(
    file.header.rows.map(async (row, i) => {
      const key = measurementKey(hash, layout.hash, subjectOf(row));
      return {
        address: await measurementAddress(key),
        key,
        scores: file.scores[i]!,
        done: total,
        total,
        backend: backendOf(file.header),
        origin: "shipped",
        at: file.header.made,
        seconds: row.seconds ?? 0,
        versions: file.header.versions,
      } satisfies Measurement;
    }),
  );
}
