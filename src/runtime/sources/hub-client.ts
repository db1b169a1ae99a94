import type { ListFileEntry } from "@huggingface/hub";
import { reason, SourceError } from "../../core/checkpoint/byte-source";
import { joined } from "./http-place";
import { type HubRepo, hubProblem, notATokenProblem, oddAnswerProblem } from "./hub-problems";
import type { Asked } from "./ranged-origin";
import { withRetries } from "./retries";
import type { Answer, Web } from "./web";
import type { Place } from "./web-problems";

/** Answers of the hub's interface are larger than this only by mistake. */
const ANSWER_LIMIT = 32 * 2 ** 20;
const MOST_FILES = 50_000;

export interface HubFile {
  readonly size: number;
  /** Stands for the content: the SHA-256 of a large file, the Git object of a small one. */
  readonly key: string;
}

export interface HubListing {
  /** The commit that the revision names now; everything is read from it. */
  readonly commit: string;
  readonly files: ReadonlyMap<string, HubFile>;
}

/** Asks the hub through its own client, with our retries; the token goes to the hub's host only. */
export class HubClient {
  readonly name: string;

  constructor(
    private readonly web: Web,
    readonly hub: HubRepo,
    private readonly token: string | undefined,
  ) {
    this.name = `hf://${hub.repo}@${hub.revision}`;
  }

  /** Resolves the revision to a commit, then lists that commit's files. */
  async list(signal: AbortSignal | undefined): Promise<HubListing> {
    const { repo, revision, hubUrl } = this.hub;
    return this.asking(this.name, async () => {
      const { listFiles, modelInfo } = await import("@huggingface/hub");
      const shared = { hubUrl, fetch: this.fetcher(this.name, signal), ...this.credentials() };
      const { sha } = await modelInfo({ name: repo, revision, additionalFields: ["sha"], ...shared });
      if (!/^[0-9a-f]{40,64}$/.test(String(sha))) throw new Error("it states no commit");
      const files = new Map<string, HubFile>();
      const listed = listFiles({
        repo: { type: "model", name: repo },
        revision: sha,
        recursive: true,
        ...shared,
      });
      for await (const entry of listed) {
        const file = hubFile(entry);
        if (file) files.set(entry.path, file);
        if (files.size > MOST_FILES) throw new Error(`it lists more than ${MOST_FILES} files`);
      }
      return { commit: sha, files };
    });
  }

  /** Where the bytes of a file of the commit are asked for; the hub redirects from there to its storage. */
  async address(path: string, commit: string, size: number, signal: AbortSignal | undefined): Promise<Asked> {
    const { repo, hubUrl } = this.hub;
    const file = `${this.name}/${path}`;
    return this.asking(file, async () => {
      const { fileDownloadInfo } = await import("@huggingface/hub");
      const info = await fileDownloadInfo({
        repo: { type: "model", name: repo },
        path,
        revision: commit,
        hubUrl,
        fetch: this.fetcher(file, signal),
        ...this.credentials(),
      });
      if (!info) throw new Error("it lists the file, but does not have it");
      if (info.size !== size) throw new Error(`it states ${info.size} bytes where it listed ${size}`);
      return { address: info.url, headers: this.isOwn(info.url) ? this.authorization() : {} };
    });
  }

  private async asking<T>(file: string, call: () => Promise<T>): Promise<T> {
    if (this.token !== undefined && !this.token.startsWith("hf_"))
      throw new SourceError(notATokenProblem(file));
    try {
      return await call();
    } catch (error) {
      if (error instanceof SourceError || (error instanceof Error && error.name === "AbortError"))
        throw error;
      throw new SourceError(oddAnswerProblem(file, reason(error)));
    }
  }

  /** A fetch for the hub's client: retried, its errors told as problems, the token kept from other hosts. */
  private fetcher(file: string, signal: AbortSignal | undefined): typeof fetch {
    return async (input, init) => {
      const place: Place = { file, address: input instanceof Request ? input.url : String(input) };
      if (!this.isOwn(place.address))
        throw new SourceError(oddAnswerProblem(file, "it points to another host"));
      const request: RequestInit = { ...init, cache: "no-cache" };
      return withRetries(this.web.policy, signal, () =>
        this.web.once(place, request, signal, (answer) => this.answer(place, answer)),
      );
    };
  }

  private async answer(place: Place, { response, read }: Answer): Promise<Response> {
    const { status, headers } = response;
    const noEntry = status === 404 && headers.get("x-error-code") === "EntryNotFound";
    if (noEntry) return new Response(null, { status, headers });
    if (!response.ok) throw new SourceError(hubProblem(this.hub, place, response));
    const path = new URL(place.address).pathname;
    if (!path.startsWith(`${new URL(this.hub.hubUrl).pathname.replace(/\/$/, "")}/api/`))
      return new Response(null, { status, headers });
    const parts: Uint8Array[] = [];
    let length = 0;
    await read((bytes) => {
      length += bytes.length;
      if (length > ANSWER_LIMIT) throw new SourceError(oddAnswerProblem(place.file, "it is too long"));
      parts.push(bytes);
    });
    return new Response(joined(parts, length) as Uint8Array<ArrayBuffer>, { status, headers });
  }

  private isOwn(address: string): boolean {
    return new URL(address).origin === new URL(this.hub.hubUrl).origin;
  }

  private credentials(): { accessToken?: string } {
    return this.token === undefined ? {} : { accessToken: this.token };
  }

  private authorization(): Record<string, string> {
    return this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` };
  }
}

/** Null for what is no file that can be read. */
function hubFile({ type, size, oid, lfs, path }: ListFileEntry): HubFile | null {
  if (type !== "file" || typeof path !== "string") return null;
  const bytes = lfs?.size ?? size;
  if (!Number.isSafeInteger(bytes) || bytes < 0) return null;
  const sum = lfs?.oid.replace(/^sha256:/, "");
  if (sum !== undefined && /^[0-9a-f]{64}$/.test(sum)) return { size: bytes, key: `sha256-${sum}` };
  return oid !== undefined && /^[0-9a-f]{40,64}$/.test(oid) ? { size: bytes, key: `git-${oid}` } : null;
}
