import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

export interface ServedFile {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  readonly modified?: string;
  readonly type?: string;
}

/** One answer to one request; anything that HTTP allows, and some things that it does not. */
export type Behaviour = (exchange: Exchange) => void;

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly file: ServedFile | undefined;
  readonly server: MisbehavingServer;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly headers: IncomingMessage["headers"];
}

/** A web server on 127.0.0.1 that serves held files, and misbehaves where and as often as it is told to. */
export class MisbehavingServer {
  readonly files = new Map<string, ServedFile>();
  readonly seen: Seen[] = [];
  /** Bytes of bodies written so far. */
  sent = 0;
  /** Requests that are being answered. */
  open = 0;
  url = "";
  /** Sent with every answer. */
  headers: Record<string, string> = {};
  private readonly once = new Map<string, Behaviour[]>();
  private readonly always = new Map<string, Behaviour>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  static async start(files: Readonly<Record<string, ServedFile>> = {}): Promise<MisbehavingServer> {
    const self = new MisbehavingServer();
    for (const [path, file] of Object.entries(files)) self.files.set(path, file);
    await new Promise<void>((resolve) => self.server.listen(0, "127.0.0.1", resolve));
    self.url = `http://127.0.0.1:${(self.server.address() as AddressInfo).port}`;
    return self;
  }

  /** The next requests for the path get these answers, one each; then it behaves again. */
  next(path: string, ...behaviours: Behaviour[]): void {
    this.once.set(path, [...(this.once.get(path) ?? []), ...behaviours]);
  }

  /** Every request for the path that `next` does not answer; null lets it behave again. */
  from(path: string, behaviour: Behaviour | null): void {
    if (behaviour) this.always.set(path, behaviour);
    else this.always.delete(path);
  }

  /** "GET /path bytes=0-9" of every request so far. */
  get log(): string[] {
    return this.seen.map(({ method, path, range }) => [method, path, range].filter(Boolean).join(" "));
  }

  forget(): void {
    this.seen.length = 0;
    this.sent = 0;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? "/", this.url).pathname;
    const { method = "GET", headers } = request;
    this.seen.push({ method, path, range: headers.range ?? null, headers: { ...headers } });
    this.open++;
    response.once("close", () => this.open--);
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value);
    if (method === "OPTIONS") {
      response.writeHead(204, preflight(request)).end();
      return;
    }
    const behaviour = this.once.get(path)?.shift() ?? this.always.get(path) ?? serve();
    behaviour({ request, response, file: this.files.get(path), server: this });
  }
}

/** What lets pages of other sites read; `headers` of a server take it. */
export const CORS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "content-range, etag, link, accept-ranges, x-error-code, x-linked-size, x-linked-etag, x-xet-hash",
};

/** Any header is allowed, where the server's own headers allow the other site at all. */
const preflight = ({ headers }: IncomingMessage): Record<string, string> => ({
  "access-control-allow-methods": "GET, HEAD, POST",
  "access-control-allow-headers": headers["access-control-request-headers"] ?? "range",
});

export interface ServeOptions {
  /** False: the whole file with status 200, whatever was asked for. */
  readonly ranges?: boolean;
  /** The connection is cut after so many bytes of the body. */
  readonly cutAfter?: number;
  /** The connection falls silent after so many bytes of the body. */
  readonly silentAfter?: number;
  /** Bytes written at once, and the milliseconds between them. */
  readonly drip?: { readonly bytes: number; readonly ms: number };
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Compressed in whole, as a proxy would do it. */
  readonly gzip?: boolean;
  /** Without Content-Length, in chunks. */
  readonly unstated?: boolean;
  /** Another range than the one asked for is taken. */
  readonly shift?: number;
  /** Bytes of the body that are sent beyond (or, negative, left off) what the headers state. */
  readonly extra?: number;
}

/** The behaviour of a good server (RFC 9110), less what the options spoil. */
export function serve(options: ServeOptions = {}): Behaviour {
  return ({ request, response, file, server }) => {
    if (!file) return status(404)({ request, response, file, server });
    const validators = { etag: file.etag, "last-modified": file.modified };
    const type = file.type ?? "application/octet-stream";
    const unchanged = isUnchanged(request, file);
    const asked = options.ranges === false || !unchanged ? null : parseRange(request, file.bytes.length);
    if (asked === "none") {
      response.writeHead(416, { "content-range": `bytes */${file.bytes.length}` }).end();
      return;
    }
    const start = (asked?.start ?? 0) + (options.shift ?? 0);
    const end = (asked?.end ?? file.bytes.length) + (options.shift ?? 0);
    const plain = file.bytes.subarray(start, end);
    const body = options.gzip ? gzipSync(plain, { level: 1 }) : plain;
    const headers: Record<string, string | undefined> = {
      "content-type": type,
      "accept-ranges": options.ranges === false ? undefined : "bytes",
      ...validators,
      "content-length": options.unstated ? undefined : String(body.length),
      "content-encoding": options.gzip ? "gzip" : undefined,
      "content-range": asked ? `bytes ${start}-${end - 1}/${file.bytes.length}` : undefined,
      ...options.headers,
    };
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) response.setHeader(name, value);
    response.statusCode = asked ? 206 : 200;
    if (request.method === "HEAD") response.end();
    else void write(response, body, options, server);
  };
}

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = "no"): Behaviour =>
  ({ response }) =>
    void response.writeHead(code, { "content-type": "text/plain", ...headers }).end(body);

export const redirect = (location: string, code = 302): Behaviour => status(code, { location }, "");

/** The connection is closed without an answer. */
export const hangUp: Behaviour = ({ request }) => void request.socket.destroy();

/** The connection stays open, and nothing comes. */
export const silence: Behaviour = () => undefined;

async function write(
  response: ServerResponse,
  body: Uint8Array,
  { cutAfter, silentAfter, drip, extra = 0 }: ServeOptions,
  server: MisbehavingServer,
): Promise<void> {
  const stop = Math.min(
    cutAfter ?? body.length,
    silentAfter ?? body.length,
    body.length + Math.min(0, extra),
  );
  const step = drip?.bytes ?? 2 ** 16;
  for (let at = 0; at < stop && !response.destroyed; at += step) {
    const piece = body.subarray(at, Math.min(at + step, stop));
    server.sent += piece.length;
    if (!response.write(piece)) await drained(response);
    if (drip) await new Promise((resolve) => setTimeout(resolve, drip.ms));
  }
  if (extra > 0) response.socket?.write(new Uint8Array(extra));
  if (cutAfter !== undefined && cutAfter < body.length) response.socket?.destroySoon();
  else if (silentAfter === undefined) response.end();
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const go = () => {
      response.off("drain", go);
      response.off("close", go);
      resolve();
    };
    response.once("drain", go);
    response.once("close", go);
  });

function isUnchanged({ headers }: IncomingMessage, file: ServedFile): boolean {
  const condition = headers["if-range"];
  return condition === undefined || condition === file.etag || condition === file.modified;
}

function parseRange(request: IncomingMessage, size: number): { start: number; end: number } | "none" | null {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (first === undefined) return null;
  const start = Number(first);
  if (start >= size) return "none";
  return { start, end: Math.min(last ? Number(last) + 1 : size, size) };
}
