import { openHttpFile } from "./http-file";
import type { OpenFolder } from "./open-folder";
import { remoteFolder } from "./remote-folder";
import { remoteContext, type SourceOptions } from "./source-options";
import { fetchText } from "./whole-file";

/** Fetched whole: small, and a server may compress them. */
const TEXT = /\.(json|jsonl|txt|md|ya?ml|jinja|gz)$/i;

/** A folder on a web server. Files of text are fetched whole, others read by range where the server can. */
export function httpFolder(url: string, options: SourceOptions = {}): OpenFolder {
  const home = new URL(url.endsWith("/") ? url : `${url}/`).href;
  const name = new URL(home).pathname.replace(/^\/+|\/+$/g, "");
  const context = remoteContext(options);
  const checkpoint = { key: home, name: home };
  return remoteFolder(name, options.signal, async (path, signal) => {
    const address = new URL(path, home).href;
    if (!address.startsWith(home)) return null;
    const place = { file: `${name}/${path}`, address, checkpoint };
    if (!TEXT.test(path)) return openHttpFile(context, place, signal);
    const source = await fetchText(context.web, place, signal);
    return source && { source, release: () => undefined };
  });
}
