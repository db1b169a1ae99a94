import { fail, ok, type Result } from "../core/result";
import type { FolderRef } from "../protocol/folder-ref";
import { queryClient } from "./query-client";

/** A file that lies beside a set file. */
export async function readHomeFile(home: FolderRef, path: string): Promise<Result<ArrayBuffer>> {
  switch (home.kind) {
    case "http":
      return fetched(home.url, path);
    case "files": {
      const chosen = home.files.find((f) => f.path === path);
      return chosen ? fromDisk(path, () => chosen.file.arrayBuffer()) : missing(path);
    }
    case "handle":
      return fromDisk(path, async () => (await fileIn(home.handle, path)).arrayBuffer());
    case "opfs":
      return fromDisk(path, async () => {
        const root = await navigator.storage.getDirectory();
        return (await fileIn(root, `${home.path}/${path}`)).arrayBuffer();
      });
    case "hub":
      return missing(path);
  }
}

export async function readHomeText(home: FolderRef, path: string): Promise<Result<string>> {
  const bytes = await readHomeFile(home, path);
  if (!bytes.ok) return bytes;
  try {
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(bytes.value));
  } catch {
    return fail("bad-file", "is not valid UTF-8 text.", { file: path, remedy: "Fetch the set again." });
  }
}

/** Lets a refused file be fetched anew. */
export function forgetHomeFile(home: FolderRef, path: string): void {
  if (home.kind === "http") queryClient.removeQueries({ queryKey: ["file", home.url + path] });
}

async function fileIn(folder: FileSystemDirectoryHandle, path: string): Promise<File> {
  const parts = path.split("/").filter((part) => part !== "");
  const last = parts.pop();
  if (last === undefined) throw new DOMException("no file is named", "NotFoundError");
  let at = folder;
  for (const part of parts) at = await at.getDirectoryHandle(part);
  return (await at.getFileHandle(last)).getFile();
}

const missing = (file: string) =>
  fail<ArrayBuffer>("bad-set", "is missing beside the set file.", {
    file,
    remedy: "Put it there, or take its name out of the set file.",
  });

async function fromDisk(file: string, read: () => Promise<ArrayBuffer>): Promise<Result<ArrayBuffer>> {
  try {
    return ok(await read());
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return missing(file);
    return fail("bad-file", `could not be read (${String(error)}).`, {
      file,
      remedy: "Choose the folder again.",
    });
  }
}

/** Fetched once; only a failed connection is tried again. */
async function fetched(folder: string, path: string): Promise<Result<ArrayBuffer>> {
  const url = folder + path;
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
