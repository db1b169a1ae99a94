import { sha256 } from "../../core/canonical";
import type { CacheTarget } from "./byte-cache";
import { type Validators, versionText } from "./validators";
import type { Place } from "./web-problems";

/** A file on a web server, and the checkpoint that it belongs to. */
export interface HttpPlace extends Place {
  readonly checkpoint: CacheTarget["checkpoint"];
}

/** Stands for a file's content in the cache; null where the server states nothing that does. */
export async function contentKey(address: string, version: Validators, size: number): Promise<string | null> {
  const text = versionText(version);
  return text === null ? null : `http-${await sha256(`${address}\n${text}\n${size}`)}`;
}

/** A static host may answer a missing file with its index page. */
export function isMissing(response: Response): boolean {
  if (response.status === 404 || response.status === 410) return true;
  return response.ok && response.headers.get("content-type")?.includes("text/html") === true;
}

export function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
