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
import { queryClient } from "./query-client";
import type { LoadedSet } from "./workbench-store";

/** A file of the set, fetched once; only a failed connection is tried again. */
async function fetched(url: string): Promise<Result<ArrayBuffer>> {
  const file = url.split("/").at(-1) ?? url;
  try {
    const queryKey = ["file", url];
    const answer = await queryClient.fetchQuery({ queryKey, queryFn: () => fetchFile(url, file) });
    if (!answer.ok) queryClient.removeQueries({ queryKey });
    return answer;
  } catch (error) {
    return fail("network", `could not be fetched (${String(error)}).`, {
      file,
      remedy: "Check the connection, then reload.",
    });
  }
}

async function fetchFile(url: string, file: string): Promise<Result<ArrayBuffer>> {
  const response = await fetch(url);
  // A static host may answer a missing file with its index page.
  const html = response.headers.get("content-type")?.includes("text/html") === true;
  if (response.ok && !html) return ok(await response.arrayBuffer());
  return fail(
    "network",
    `could not be fetched (${html ? "the server has no such file" : `HTTP ${response.status}`}).`,
    {
      file,
      remedy: "Check that the set was built (npm start does it), then reload.",
    },
  );
}

async function text(url: string): Promise<Result<string>> {
  const bytes = await fetched(url);
  return bytes.ok ? ok(new TextDecoder().decode(bytes.value)) : bytes;
}

/** Reads what the page needs before any weight: the set file and the task layout. What was refused is fetched anew. */
export async function loadSet(url: string): Promise<Result<LoadedSet>> {
  const loaded = await readSet(url);
  if (!loaded.ok) {
    for (const name of ["demix-set.json", "layout.json"])
      queryClient.removeQueries({ queryKey: ["file", url + name] });
  }
  return loaded;
}

async function readSet(url: string): Promise<Result<LoadedSet>> {
  const [specText, layoutText] = await Promise.all([text(`${url}demix-set.json`), text(`${url}layout.json`)]);
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
  const general = spec.value.components.findIndex((c) => c.general);
  return ok({ url, hash, spec: spec.value, layout, general: general < 0 ? null : general });
}

/** Reads a demix-runs file and its item scores; refuses one made for other tasks or with a wrong checksum. */
export async function loadRuns(set: LoadedSet, name: string): Promise<Result<RunsFile>> {
  const json = await text(set.url + name);
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
  const buffer = await fetched(set.url + scoresFile);
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

/** The rows of a design as measurements shipped with the set. */
export function shippedMeasurements(set: LoadedSet, file: RunsFile): Promise<Measurement[]> {
  const total = set.layout.tasks.reduce((n, t) => n + t.block.items, 0);
  return Promise.all(
    file.header.rows.map(async (row, i) => {
      const key = measurementKey(set.hash, set.layout.hash, subjectOf(row));
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
