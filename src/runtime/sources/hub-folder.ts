import { openRemote } from "./cached-remote";
import { HubClient, type HubListing } from "./hub-client";
import { hubProblem } from "./hub-problems";
import type { OpenFolder } from "./open-folder";
import { type Asked, rangedOrigin } from "./ranged-origin";
import { remoteFolder } from "./remote-folder";
import { remoteContext, type SourceOptions } from "./source-options";
import { statusProblem } from "./web-problems";

const HUB = "https://huggingface.co";

/**
 * A model repository of the Hugging Face hub. The revision is resolved to a commit once, so that all files are of one
 * commit; the token stays in memory and goes to the hub's own host only.
 */
export function hubFolder(
  { repo, revision, token }: { repo: string; revision: string; token?: string },
  options: SourceOptions = {},
): OpenFolder {
  const context = remoteContext(options);
  const hubUrl = (options.hubUrl ?? HUB).replace(/\/+$/, "");
  const hub = { repo, revision, hubUrl, hasToken: token !== undefined };
  const client = new HubClient(context.web, hub, token);
  const listing = shared((signal) => client.list(signal), options.signal);
  return remoteFolder(client.name, options.signal, async (path, signal) => {
    const { commit, files }: HubListing = await listing(signal);
    const entry = files.get(path);
    if (!entry) return null;
    const { size, key } = entry;
    const file = `${client.name}/${path}`;
    const address = `${hubUrl}/${repo}/resolve/${commit}/${path}`;
    const ask = shared<Asked>((s) => client.address(path, commit, size, s), options.signal);
    const origin = rangedOrigin(context.web, {
      place: { file, address },
      size,
      version: null,
      ask,
      refuse: (place, response) =>
        new URL(response.url || place.address).origin === new URL(hubUrl).origin
          ? hubProblem(hub, place, response)
          : statusProblem(place, response),
    });
    const checkpoint = { key: `hf://${repo}@${commit}`, name: client.name };
    const opened = await openRemote(context, origin, { key, size, address, checkpoint, lasting: true });
    return { source: opened.file, release: () => opened.cached?.release() };
  });
}

/**
 * Makes the call once for all who ask: an aborted asker leaves, the call goes on for the others. A failure is not kept.
 * `life` ends the call itself.
 */
function shared<T>(
  call: (signal: AbortSignal | undefined) => Promise<T>,
  life: AbortSignal | undefined,
): (signal: AbortSignal | undefined) => Promise<T> {
  let running: Promise<T> | null = null;
  return (signal) => {
    if (!running) {
      const started = call(life);
      running = started;
      started.catch(() => {
        if (running === started) running = null;
      });
    }
    return unlessAborted(running, signal);
  };
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
