import { nodePlatform } from "../src/engine/node/node-platform";
import type { Feeds, Ort, Platform, Session } from "../src/runtime/ort";

export interface RecordedRun {
  readonly run: (feeds: Feeds) => Promise<unknown>;
  readonly feeds: Feeds;
}

export interface Recorder {
  readonly platform: Platform;
  /** Every session.run since the last reset, with its feeds; kept only while `keep` is set. */
  readonly runs: RecordedRun[];
  keep: boolean;
  /** Seconds spent inside session.run since the last reset. */
  seconds: number;
  reset(): void;
}

/** Node's platform with every session.run timed, and recorded when asked: the engine itself stays as it is. */
export function recordingPlatform(): Recorder {
  const plain = nodePlatform();
  const { loadNative } = plain;
  const recorder: Recorder = {
    platform: {
      ...plain,
      loadWasm: async (threads) => recording(await plain.loadWasm(threads)),
      loadNative: loadNative && (async () => recording(await loadNative())),
    },
    runs: [],
    keep: false,
    seconds: 0,
    reset: () => {
      recorder.runs.length = 0;
      recorder.seconds = 0;
    },
  };

  function recording(ort: Ort): Ort {
    const create = async (...args: Parameters<Ort["InferenceSession"]["create"]>): Promise<Session> => {
      const session = await ort.InferenceSession.create(...args);
      const run = session.run.bind(session) as RecordedRun["run"];
      const timed: RecordedRun["run"] = async (feeds) => {
        if (recorder.keep) recorder.runs.push({ run, feeds });
        const start = performance.now();
        try {
          return await run(feeds);
        } finally {
          recorder.seconds += (performance.now() - start) / 1000;
        }
      };
      session.run = timed as Session["run"];
      return session;
    };
    return { ...ort, InferenceSession: { create: create as Ort["InferenceSession"]["create"] } };
  }
  return recorder;
}
