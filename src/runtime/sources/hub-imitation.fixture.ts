import { createHash } from "node:crypto";
import { type Behaviour, type MisbehavingServer, serve, status } from "./misbehaving-server.fixture";

export interface ImitatedRepo {
  readonly repo: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Names that are kept as large files, served from another host. */
  readonly large: readonly string[];
  /** Branches, tags and commits to commits. */
  readonly revisions: Readonly<Record<string, string>>;
  /** Who does not send this token is refused with 401. */
  readonly token?: string;
  /** Entries of one page of the listing. */
  readonly page?: number;
}

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
export const gitOidOf = (bytes: Uint8Array): string =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

/** Makes a server answer as the hub does to its client: revision, tree in pages, resolve with a redirect to storage. */
export function imitateHub(hub: MisbehavingServer, storage: MisbehavingServer, made: ImitatedRepo): void {
  const { repo, files, large, revisions, token, page = 1000 } = made;
  const guarded =
    (answer: Behaviour): Behaviour =>
    (exchange) => {
      if (token === undefined || exchange.request.headers.authorization === `Bearer ${token}`)
        answer(exchange);
      else status(401, { "x-error-code": "RepoNotFound" })(exchange);
    };
  const json = (value: unknown, headers: Record<string, string> = {}): Behaviour =>
    status(200, { "content-type": "application/json", ...headers }, JSON.stringify(value));
  for (const [revision, sha] of Object.entries(revisions)) {
    const path = `/api/models/${repo}/revision/${encodeURIComponent(revision)}`;
    hub.from(
      path,
      guarded(json({ _id: "1", id: repo, sha, private: false, likes: 0, downloads: 0, gated: false })),
    );
  }
  const tree = Object.entries(files).map(([path, bytes]) => {
    const pointer = { oid: sha256Of(bytes), size: bytes.length, pointerSize: 134 };
    const oid = gitOidOf(bytes);
    return { type: "file", path, size: bytes.length, oid, ...(large.includes(path) && { lfs: pointer }) };
  });
  for (const sha of new Set(Object.values(revisions))) {
    const path = `/api/models/${repo}/tree/${sha}`;
    hub.from(
      path,
      guarded((exchange) => {
        const from = Number(new URL(exchange.request.url!, hub.url).searchParams.get("cursor") ?? 0);
        const more = from + page < tree.length;
        const next = `<${hub.url}${path}?recursive=true&expand=false&cursor=${from + page}>; rel="next"`;
        json(tree.slice(from, from + page), more ? { link: next } : {})(exchange);
      }),
    );
    for (const [name, bytes] of Object.entries(files)) {
      const place = `/${repo}/resolve/${sha}/${name}`;
      hub.from(place, guarded(large.includes(name) ? toStorage(storage, bytes) : serve()));
      hub.files.set(place, { bytes, etag: `"${gitOidOf(bytes)}"` });
      storage.files.set(`/store/${sha256Of(bytes)}`, { bytes, etag: `"${sha256Of(bytes)}"` });
    }
  }
}

/** A large file: its size and address for who asks for the xet protocol, else a redirect to a signed address. */
const toStorage =
  (storage: MisbehavingServer, bytes: Uint8Array): Behaviour =>
  (exchange) => {
    const sum = sha256Of(bytes);
    const linked = { "x-linked-size": String(bytes.length), "x-linked-etag": `"${sum}"` };
    if (exchange.request.headers.accept?.includes("xet-fileinfo")) {
      const links = `<${storage.url}/auth>; rel="xet-auth", <${storage.url}/info>; rel="xet-reconstruction-info"`;
      const type = "application/vnd.xet-fileinfo+json";
      status(200, { ...linked, "content-type": type, "x-xet-hash": sum, link: links }, "{}")(exchange);
    } else status(302, { ...linked, location: `${storage.url}/store/${sum}?signature=secret` }, "")(exchange);
  };
