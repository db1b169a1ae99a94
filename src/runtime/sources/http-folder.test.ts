import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readExactly } from "../../core/checkpoint/byte-source";
import { findFile, readText } from "../../core/checkpoint/folder-files";
import type { Progress } from "../../core/checkpoint/progress";
import { type Result, sentence } from "../../core/result";
import { httpFolder } from "./http-folder";
import {
  hangUp,
  MisbehavingServer,
  redirect,
  type ServeOptions,
  serve,
  silence,
  status,
} from "./misbehaving-server.fixture";
import { RecentChunks } from "./recent-chunks";
import type { RetryPolicy } from "./retries";

const MB = 2 ** 20;
function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * seed) & 255;
  return bytes;
}
const large = noise(40 * MB + 12_345, 7);
const changed = noise(large.length, 9);
const small = noise(3 * MB, 5);
const PATH = "/set/model.safetensors";
const policy: RetryPolicy = {
  tries: 4,
  firstWait: 5,
  longestWait: 40,
  longestAsked: 3_000,
  silence: 5_000,
  random: () => 0.5,
};

let server: MisbehavingServer;
let other: MisbehavingServer;

beforeAll(async () => {
  server = await MisbehavingServer.start();
  other = await MisbehavingServer.start();
});
afterAll(() => Promise.all([server.close(), other.close()]));
beforeEach(() => {
  server.files.set(PATH, { bytes: large, etag: '"one"' });
  server.files.set("/set/small.safetensors", { bytes: small, etag: '"small"' });
  server.files.set("/set/config.json", {
    bytes: new TextEncoder().encode('{"a": 1}'),
    type: "application/json",
  });
});
afterEach(() => {
  for (const path of server.files.keys()) server.from(path, null);
  server.forget();
  other.forget();
});

const folder = (options = {}) =>
  httpFolder(`${server.url}/set/`, { policy, recent: new RecentChunks(), ...options });
const words = (result: Result<unknown>): string => (result.ok ? "" : sentence(result.problem));

async function opened(options = {}, path = "model.safetensors") {
  const found = await findFile(folder(options), path);
  if (!found.ok) throw new Error(sentence(found.problem));
  return found.value!;
}

async function expectBytes(start: number, end: number, options = {}) {
  const read = await readExactly(await opened(options), start, end);
  expect(words(read)).toBe("");
  if (read.ok) expect(Buffer.compare(read.value, large.subarray(start, end))).toBe(0);
}

/** The sentence for a read that fails after the file was opened. */
async function failure(behave: () => void): Promise<string> {
  const source = await opened();
  behave();
  return words(await readExactly(source, 20 * MB, 22 * MB));
}

/** The sentence for a file that cannot be opened. */
const openFailure = async (options = {}) => words(await findFile(folder(options), "model.safetensors"));

describe("a server that answers ranges", () => {
  it("gives large files in parts, each byte once, and says how far it is", async () => {
    const told: Progress[] = [];
    const source = await opened({ onProgress: (p: Progress) => told.push(p) });
    expect(source.size).toBe(large.length);
    expect(server.log).toEqual([`GET ${PATH} bytes=0-${4 * MB - 1}`]);
    const read = await readExactly(source, 0, source.size);
    expect(read.ok && Buffer.compare(read.value, large)).toBe(0);
    expect(server.sent).toBe(large.length);
    expect(server.seen.length).toBe(1 + 5);
    expect(server.seen.slice(1).every(({ headers }) => headers["if-range"] === '"one"')).toBe(true);
    expect(told.at(-1)).toEqual({
      done: large.length,
      total: large.length,
      unit: "bytes",
      what: "set/model.safetensors",
    });
    expect(told.every((p, i) => i === 0 || p.done > told[i - 1]!.done)).toBe(true);
  });

  it("asks for small files once, in whole", async () => {
    const source = await opened({}, "small.safetensors");
    for (let at = 0; at < small.length; at += 100_000)
      await source.read(at, Math.min(at + 100_000, small.length));
    const text = await readText(folder(), "config.json", 100);
    expect(text.ok && text.value?.text).toBe('{"a": 1}');
    expect(server.log).toEqual([`GET /set/small.safetensors bytes=0-${4 * MB - 1}`, "GET /set/config.json"]);
  });

  it("reads ahead where reads go on, so that small tensors do not cost a request each", async () => {
    const source = await opened();
    for (let at = 0; at < 24 * MB; at += 300_000) {
      const read = await source.read(at, at + 300_000);
      expect(Buffer.compare(read, large.subarray(at, at + 300_000))).toBe(0);
    }
    expect(server.seen.length).toBeLessThanOrEqual(1 + 3);
  });

  it("keeps few requests open at once", async () => {
    let open = 0;
    let most = 0;
    server.from(PATH, (exchange) => {
      most = Math.max(most, ++open);
      exchange.response.once("close", () => open--);
      setTimeout(() => serve()(exchange), 10);
    });
    await Promise.all([expectBytes(0, large.length), expectBytes(0, large.length)]);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it("reads an empty file", async () => {
    server.files.set("/set/empty.safetensors", { bytes: new Uint8Array() });
    const source = await opened({}, "empty.safetensors");
    expect([source.size, (await source.read(0, 0)).length]).toEqual([0, 0]);
  });

  it("goes on where a server gives less than was asked for", async () => {
    const source = await opened();
    server.from(PATH, (exchange) => {
      const [, start = 0, end = 0] =
        /(\d+)-(\d+)/.exec(exchange.request.headers.range ?? "")?.map(Number) ?? [];
      exchange.request.headers.range = `bytes=${start}-${Math.min(end, start + MB)}`;
      serve()(exchange);
    });
    const read = await readExactly(source, 5 * MB, 9 * MB);
    expect(read.ok && Buffer.compare(read.value, large.subarray(5 * MB, 9 * MB))).toBe(0);
  });
});

describe("missing files", () => {
  it.each([404, 410])("are null (%i)", async (code) => {
    server.next(PATH, status(code));
    expect(await folder().file("model.safetensors")).toBeNull();
    expect(await folder().file("nothing.json")).toBeNull();
  });

  it("are null where the host answers with its index page", async () => {
    const page = { bytes: new TextEncoder().encode("<!doctype html>"), type: "text/html; charset=utf-8" };
    for (const path of ["/set/page.safetensors", "/set/page.json"]) server.files.set(path, page);
    expect(await folder().file("page.safetensors")).toBeNull();
    expect(await folder().file("page.json")).toBeNull();
  });

  it("are null outside the folder, without a request", async () => {
    for (const path of [
      "../secret.safetensors",
      "https://example.org/x.json",
      "//example.org/x.json",
      "/x.json",
    ])
      expect(await folder().file(path), path).toBeNull();
    expect(server.seen).toEqual([]);
  });
});

describe("a file that changes while it is read", () => {
  it.each([
    ["a new ETag", { bytes: changed, etag: '"two"' }],
    ["a new size", { bytes: large.subarray(0, 30 * MB), etag: '"two"' }],
    ["a shorter file", { bytes: large.subarray(0, MB) }],
  ])("is refused: %s", async (_, file) => {
    const said = await failure(() => server.files.set(PATH, file));
    expect(said).toBe("set/model.safetensors: changed on the server while it was read. Open the set again.");
  });

  it("is refused where only the date tells, and where If-Range is ignored", async () => {
    server.files.set(PATH, { bytes: large, modified: "Mon, 01 Jan 2024 00:00:00 GMT" });
    const said = await failure(() => {
      server.files.set(PATH, { bytes: large, modified: "Tue, 02 Jan 2024 00:00:00 GMT" });
      server.from(PATH, (exchange) => {
        delete exchange.request.headers["if-range"];
        serve()(exchange);
      });
    });
    expect(server.seen.at(-1)?.headers["if-range"]).toBe("Mon, 01 Jan 2024 00:00:00 GMT");
    expect(said).toContain("changed on the server while it was read. Open the set again.");
  });

  it("is refused in the middle of one large read, never mixed", async () => {
    const source = await opened();
    server.next(PATH, serve(), (exchange) => {
      server.files.set(PATH, { bytes: changed, etag: '"two"' });
      serve()({ ...exchange, file: server.files.get(PATH) });
    });
    expect(words(await readExactly(source, 4 * MB, large.length))).toContain(
      "changed on the server while it was read",
    );
    const again = await readExactly(await opened(), 20 * MB, 21 * MB);
    expect(again.ok && Buffer.compare(again.value, changed.subarray(20 * MB, 21 * MB))).toBe(0);
  });

  it("is told from one that is gone", async () => {
    const said = await failure(() => server.files.delete(PATH));
    expect(said).toMatch(
      /^set\/model.safetensors: is no longer on 127.0.0.1:\d+ \(HTTP 404\). Open the set again.$/,
    );
  });
});

describe("answers that are not what was asked for", () => {
  const broken = (options: ServeOptions) => failure(() => server.from(PATH, serve(options)));

  it.each<[string, ServeOptions, RegExp]>([
    [
      "bytes from elsewhere",
      { shift: 7 },
      /bytes 20971527 to 23068678 came where 20971520 to 23068671 were asked/,
    ],
    ["no Content-Range", { headers: { "content-range": undefined } }, /its Content-Range is missing/],
    ["nonsense", { headers: { "content-range": "bytes 5-1/9" } }, /its Content-Range is "bytes 5-1\/9"/],
    ["another unit", { headers: { "content-range": "lines 1-2/3" } }, /its Content-Range is "lines/],
    [
      "several parts",
      { headers: { "content-type": "multipart/byteranges; boundary=x" } },
      /several parts came/,
    ],
    [
      "a wrong length",
      { unstated: false, headers: { "content-length": "1000" } },
      /its Content-Length 1000 is not/,
    ],
    ["a compressed part", { gzip: true }, /a compressed part came/],
  ])("are refused: %s", async (_, options, expected) => {
    const said = await broken(options);
    expect(said).toMatch(expected);
    expect(said).toContain("answers ranges wrongly");
    expect(said).toContain("download the folder and open it from disk");
  });

  it("are refused after some tries where the whole file comes instead", async () => {
    const said = await broken({ ranges: false, headers: { "content-length": String(large.length) } });
    expect(said).toContain("the whole file came where a part was asked for, tried 4 times");
  });
});

describe("a server without ranges", () => {
  it("gives small files whole", async () => {
    server.from("/set/small.safetensors", serve({ ranges: false }));
    const source = await opened({}, "small.safetensors");
    const read = await readExactly(source, 0, small.length);
    expect(read.ok && Buffer.compare(read.value, small)).toBe(0);
    expect(server.seen.length).toBe(1);
  });

  it.each<[string, ServeOptions]>([
    ["compressed", { ranges: false, gzip: true }],
    ["of unstated size", { ranges: false, unstated: true }],
  ])("gives small files whole: %s", async (_, options) => {
    server.from("/set/small.safetensors", serve(options));
    const source = await opened({}, "small.safetensors");
    const read = await readExactly(source, 0, source.size);
    expect(read.ok && Buffer.compare(read.value, small)).toBe(0);
  });

  it("is refused for large files where nothing can keep them, with what to do", async () => {
    server.from(PATH, serve({ ranges: false }));
    const said = await openFailure();
    expect(said).toMatch(
      /gives only whole files \(no ranges\), this one has 41955385 bytes, and there is no storage/,
    );
    expect(said).toContain("Use a server that answers Range requests");
    expect(said).toContain("or download the folder and open it from disk.");
    expect(server.sent).toBeLessThan(large.length);
  });

  it.each<[ServeOptions, string]>([
    [{ ranges: false, unstated: true }, "it does not say how large they are"],
    [{ ranges: false, gzip: true }, "it compresses them"],
  ])("is refused for large files of unknown size (%o)", async (options, why) => {
    server.from(PATH, serve(options));
    expect(await openFailure()).toContain(why);
  });
});

describe("redirects", () => {
  it("are followed on the same host and to another one", async () => {
    server.from("/set/moved.safetensors", redirect(`${server.url}${PATH}`, 307));
    other.files.set("/store/blob", { bytes: large, etag: '"blob"' });
    server.from("/set/away.safetensors", redirect(`${other.url}/store/blob?signature=secret`));
    for (const path of ["moved.safetensors", "away.safetensors"]) {
      const read = await readExactly(await opened({}, path), 30 * MB, 31 * MB);
      expect(read.ok && Buffer.compare(read.value, large.subarray(30 * MB, 31 * MB))).toBe(0);
    }
    server.from("/set/moved.safetensors", null);
    server.from("/set/away.safetensors", null);
  });

  it("are named in messages, without their query", async () => {
    other.from("/store/blob", status(403));
    server.from(PATH, redirect(`${other.url}/store/blob?signature=secret`));
    const said = await openFailure();
    expect(said).toContain(`(redirected to ${other.url}/store/blob).`);
    expect(said).not.toContain("secret");
    other.from("/store/blob", null);
  });

  it("that go in circles are refused", async () => {
    server.from(PATH, redirect(PATH));
    expect(await openFailure()).toContain("does not answer");
  });
});

describe("refusals and failures", () => {
  it.each<[number, string]>([
    [401, "wants a login (HTTP 401). The workbench logs in to the Hugging Face hub only"],
    [
      403,
      "refuses to give it (HTTP 403). Check the address and that everybody may read the folder, or download",
    ],
    [418, "answered with HTTP 418. Check the address."],
  ])("says what %i means, and tries once", async (code, expected) => {
    server.from(PATH, status(code));
    expect(await openFailure()).toContain(expected);
    expect(server.seen.length).toBe(1);
  });

  it.each([408, 425, 429, 500, 502, 503, 504])("tries again after %i", async (code) => {
    server.next(PATH, status(code), status(code));
    await expectBytes(0, MB);
    server.next("/set/config.json", status(code));
    expect((await readText(folder(), "config.json", 100)).ok).toBe(true);
  });

  it("gives up after some tries, and says how many", async () => {
    server.from(PATH, status(503));
    expect(await openFailure()).toMatch(/failed \(HTTP 503\), tried 4 times. Try again later, or download/);
    expect(server.seen.length).toBe(4);
    server.forget();
    server.from(PATH, status(429));
    expect(await openFailure()).toContain(
      "gets too many requests (HTTP 429), tried 4 times. Wait some minutes",
    );
  });

  it("waits as long as Retry-After says, in seconds or as a date", async () => {
    for (const value of [() => "1", () => new Date(Date.now() + 2_000).toUTCString()]) {
      server.next(PATH, status(429, { "retry-after": value() }));
      const started = performance.now();
      await expectBytes(0, MB);
      expect(performance.now() - started).toBeGreaterThan(900);
    }
  });

  it("does not wait longer than people do", async () => {
    server.from(PATH, status(503, { "retry-after": "600" }));
    expect(await openFailure()).toContain("It asks to wait 10 minutes: open the set again after that.");
    expect(server.seen.length).toBe(1);
  });

  it("says that nothing answers", async () => {
    const gone = await MisbehavingServer.start();
    await gone.close();
    const found = await findFile(httpFolder(`${gone.url}/set/`, { policy }), "config.json");
    expect(words(found)).toMatch(
      /127.0.0.1:\d+ does not answer \(ECONNREFUSED\), tried 3 times. Check that the server runs/,
    );
  });
});

describe("cut connections", () => {
  it("go on after the last byte", async () => {
    const source = await opened();
    server.forget();
    server.next(PATH, serve({ cutAfter: 700_000 }), serve({ cutAfter: 300_000 }), hangUp);
    const read = await readExactly(source, 8 * MB, 10 * MB);
    expect(read.ok && Buffer.compare(read.value, large.subarray(8 * MB, 10 * MB))).toBe(0);
    expect(server.log).toEqual([
      `GET ${PATH} bytes=${8 * MB}-${10 * MB - 1}`,
      `GET ${PATH} bytes=${8 * MB + 700_000}-${10 * MB - 1}`,
      `GET ${PATH} bytes=${8 * MB + 1_000_000}-${10 * MB - 1}`,
      `GET ${PATH} bytes=${8 * MB + 1_000_000}-${10 * MB - 1}`,
    ]);
    expect(server.sent).toBe(2 * MB);
  });

  it("may be cut often where each try gets further, but not without end", async () => {
    const source = await opened();
    server.from(PATH, serve({ cutAfter: 200_000 }));
    expect((await readExactly(source, 8 * MB, 10 * MB)).ok).toBe(true);
    server.from(PATH, serve({ cutAfter: 1_000 }));
    const said = words(await readExactly(source, 20 * MB, 22 * MB));
    expect(said).toMatch(
      /the connection to 127.0.0.1:\d+ broke off at byte \d+ of \d+, tried 4 times. Check the connection/,
    );
  });

  it("is noticed where fewer bytes come than stated, and where the line falls silent", async () => {
    const source = await opened({ policy: { ...policy, silence: 700 } });
    server.next(PATH, serve({ extra: -5_000 }), serve({ silentAfter: 10_000 }), silence);
    const read = await readExactly(source, 8 * MB, 9 * MB);
    expect(read.ok && Buffer.compare(read.value, large.subarray(8 * MB, 9 * MB))).toBe(0);
    server.from(PATH, silence);
    expect(words(await readExactly(source, 20 * MB, 21 * MB))).toMatch(/sent nothing for 1 s, tried 4 times/);
  });
});

describe("stopping", () => {
  it("ends a slow read at once, and the request with it", async () => {
    const source = await opened();
    let closed = 0;
    server.from(PATH, (exchange) => {
      exchange.response.once("close", () => closed++);
      serve({ drip: { bytes: 1000, ms: 20 } })(exchange);
    });
    const controller = new AbortController();
    const started = performance.now();
    setTimeout(() => controller.abort(), 100);
    const read = await readExactly(source, 8 * MB, 30 * MB, controller.signal);
    expect(read.ok ? null : read.problem.kind).toBe("cancelled");
    expect(performance.now() - started).toBeLessThan(1_000);
    await expect.poll(() => closed).toBe(3);
    server.from(PATH, null);
    expect((await readExactly(source, 8 * MB, 9 * MB)).ok).toBe(true);
  });

  it("ends the wait before another try", async () => {
    server.from(PATH, status(503, { "retry-after": "3" }));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const started = performance.now();
    const found = await findFile(folder(), "model.safetensors", controller.signal);
    expect(found.ok ? null : found.problem.kind).toBe("cancelled");
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("ends everything of the folder", async () => {
    const controller = new AbortController();
    const source = await opened({ signal: controller.signal });
    server.from(PATH, serve({ drip: { bytes: 1000, ms: 20 } }));
    const reading = readExactly(source, 8 * MB, 30 * MB);
    controller.abort();
    const read = await reading;
    expect(read.ok ? null : read.problem.kind).toBe("cancelled");
  });
});
