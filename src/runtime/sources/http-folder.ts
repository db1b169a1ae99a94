import type { ByteSource, FolderSource } from "../../core/checkpoint/byte-source";
import { memorySource } from "../../core/checkpoint/byte-source";

/** Files up to this size are fetched whole, with one request. */
const WHOLE = 16 * 2 ** 20;

/**
 * A folder on a web server; `url` ends in "/". Large files are read by range where the server can, else fetched whole.
 */
export function httpFolder(url: string, get: typeof fetch = (...args) => fetch(...args)): FolderSource {
  const name = new URL(url).pathname.replace(/^\/+|\/+$/g, "");
  return {
    name,
    file: async (path) => {
      const address = new URL(path, url).href;
      const response = await get(address);
      if (isMissing(response)) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const size = Number(response.headers.get("content-length") ?? Number.NaN);
      const plain = response.headers.get("content-encoding") === null;
      if (size > WHOLE && plain && response.headers.get("accept-ranges") === "bytes") {
        await response.body?.cancel();
        return rangedSource(path, address, size, get);
      }
      return memorySource(path, new Uint8Array(await response.arrayBuffer()));
    },
  };
}

/** A static host may answer a missing file with its index page. */
function isMissing(response: Response): boolean {
  if (response.status === 404 || response.status === 410) return true;
  return response.ok && response.headers.get("content-type")?.includes("text/html") === true;
}

function rangedSource(name: string, address: string, size: number, get: typeof fetch): ByteSource {
  return {
    name,
    size,
    read: async (start, end, signal) => {
      if (start === end) return new Uint8Array();
      const headers = { Range: `bytes=${start}-${end - 1}` };
      const response = await get(address, { headers, ...(signal && { signal }) });
      if (response.status !== 206) throw new Error(`the server answered ${response.status} to a range`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}
