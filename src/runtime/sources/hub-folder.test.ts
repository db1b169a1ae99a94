import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { readExactly } from "../../core/checkpoint/byte-source";
import { findFile, readText } from "../../core/checkpoint/folder-files";
import { type Result, sentence } from "../../core/result";
import { ChunkCache } from "./chunk-cache";
import { gitOidOf, type ImitatedRepo, imitateHub, sha256Of } from "./hub-imitation.fixture";
import { MemoryStore } from "./memory-store.fixture";
import { hangUp, MisbehavingServer, serve, status } from "./misbehaving-server.fixture";
import { openFolder } from "./open-folder";
import { RecentChunks } from "./recent-chunks";
import type { RetryPolicy } from "./retries";
import type { SourceOptions } from "./source-options";

const MB = 2 ** 20;
const COMMIT = "a".repeat(40);
const TOKEN = "hf_secret";
const config = new TextEncoder().encode('{"model_type": "qwen3"}');
const weights = new Uint8Array(20 * MB).map((_, i) => (i * 31 + (i >> 9)) & 255);
const REPO: ImitatedRepo = {
  repo: "owner/name",
  files: { "config.json": config, "model.safetensors": weights, "deep/notes.txt": config },
  large: ["model.safetensors"],
  revisions: { main: COMMIT, "refs/pr/1": COMMIT },
};
const MODEL = `/owner/name/resolve/${COMMIT}/model.safetensors`;
const STORED = `/store/${sha256Of(weights)}`;
const policy: RetryPolicy = {
  tries: 3,
  firstWait: 5,
  longestWait: 20,
  longestAsked: 100,
  silence: 5_000,
  random: () => 0.5,
};

let hub: MisbehavingServer;
let storage: MisbehavingServer;

beforeEach(async () => {
  hub = await MisbehavingServer.start();
  storage = await MisbehavingServer.start();
});
afterEach(() => Promise.all([hub.close(), storage.close()]));

function repository(options: SourceOptions & { token?: string; revision?: string } = {}) {
  const { token, revision = "main", ...rest } = options;
  const ref = { kind: "hub" as const, repo: "owner/name", revision, ...(token !== undefined && { token }) };
  return openFolder(ref, { policy, recent: new RecentChunks(), hubUrl: hub.url, ...rest });
}

const words = (result: Result<unknown>): string => (result.ok ? "" : sentence(result.problem));

async function expectWeights(folder: ReturnType<typeof repository>, start: number, end: number) {
  const read = await readExactly((await folder.file("model.safetensors"))!, start, end);
  expect(words(read)).toBe("");
  if (read.ok) expect(Buffer.compare(read.value, weights.subarray(start, end))).toBe(0);
}

it("reads all files of the one commit that the revision names", async () => {
  imitateHub(hub, storage, { ...REPO, page: 2 });
  const folder = repository();
  expect(folder.name).toBe("hf://owner/name@main");
  const text = await readText(folder, "config.json", 100);
  expect(text.ok && text.value?.text).toBe('{"model_type": "qwen3"}');
  expect((await folder.file("deep/notes.txt"))?.size).toBe(config.length);
  expect(await folder.file("tokenizer.json")).toBeNull();
  await expectWeights(folder, 15 * MB, 17 * MB);
  expect(hub.seen.filter(({ path }) => path.startsWith("/api/")).map(({ path }) => path)).toEqual([
    "/api/models/owner/name/revision/main",
    `/api/models/owner/name/tree/${COMMIT}`,
    `/api/models/owner/name/tree/${COMMIT}`,
  ]);
  expect(storage.log).toEqual([`GET ${STORED} bytes=${15 * MB}-${17 * MB - 1}`]);
});

it("takes other revisions than main", async () => {
  imitateHub(hub, storage, REPO);
  await expectWeights(repository({ revision: "refs/pr/1" }), 0, MB);
});

it("sends the token to the hub alone, and says it nowhere", async () => {
  imitateHub(hub, storage, { ...REPO, token: TOKEN });
  const folder = repository({ token: TOKEN });
  await expectWeights(folder, 0, MB);
  expect((await readText(folder, "config.json", 100)).ok).toBe(true);
  expect(hub.seen.length).toBeGreaterThan(3);
  expect(hub.seen.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
  expect(storage.seen.length).toBeGreaterThan(0);
  expect(JSON.stringify(storage.seen)).not.toContain(TOKEN);
  storage.from(STORED, status(403));
  const said = words(await readExactly((await folder.file("model.safetensors"))!, 10 * MB, 11 * MB));
  expect(said).toContain("refuses to give it (HTTP 403)");
  expect(said).not.toMatch(/secret|signature/);
});

it("does not follow the listing to another host", async () => {
  imitateHub(hub, storage, { ...REPO, token: TOKEN });
  const next = `<${storage.url}/steal>; rel="next"`;
  hub.from(
    `/api/models/owner/name/tree/${COMMIT}`,
    status(200, { "content-type": "application/json", link: next }, "[]"),
  );
  const found = await findFile(repository({ token: TOKEN }), "config.json");
  expect(words(found)).toContain("the hub's answer cannot be read (it points to another host).");
  expect(storage.seen).toEqual([]);
});

const REVISION = "/api/models/owner/name/revision/main";

it.each<[string, ReturnType<typeof status>, string | undefined, string]>([
  [
    "private",
    status(401, { "x-error-code": "RepoNotFound" }),
    undefined,
    "no public repository owner/name (HTTP 401). Check the name; a private repository needs an access token.",
  ],
  [
    "unknown",
    status(404, { "x-error-code": "RepoNotFound" }),
    TOKEN,
    "no public repository owner/name (HTTP 404). Check the name, and that the token's account may read it.",
  ],
  [
    "revision",
    status(404, { "x-error-code": "RevisionNotFound" }),
    undefined,
    'owner/name has no revision "main" (HTTP 404).',
  ],
  [
    "gated",
    status(403, { "x-error-code": "GatedRepo" }),
    undefined,
    "/owner/name, then enter an access token of that account.",
  ],
  ["bad token", status(401), TOKEN, "the hub does not accept the access token for owner/name (HTTP 401)."],
  ["weak token", status(403), TOKEN, "the access token may not read owner/name (HTTP 403)."],
  ["busy", status(429), undefined, "gets too many requests (HTTP 429), tried 3 times."],
  [
    "nonsense",
    status(200, { "content-type": "application/json" }, "{"),
    undefined,
    "the hub's answer cannot be read",
  ],
  ["no commit", status(200, { "content-type": "application/json" }, "{}"), undefined, "it states no commit"],
])("says what to do about a refusal: %s", async (_, behaviour, token, expected) => {
  hub.from(REVISION, behaviour);
  const found = await findFile(repository(token === undefined ? {} : { token }), "config.json");
  expect(words(found)).toContain(expected);
  expect(words(found)).not.toContain(TOKEN);
});

it("refuses what is no token before it sends it anywhere", async () => {
  const found = await findFile(repository({ token: "password" }), "config.json");
  expect(words(found)).toContain(
    "the access token is none of the hub's: those begin with hf_. Enter it anew.",
  );
  expect(hub.seen).toEqual([]);
});

it("tries again after failures of the hub and of its storage, and goes on after a cut", async () => {
  imitateHub(hub, storage, REPO);
  hub.next(REVISION, status(503), status(429));
  hub.next(MODEL, status(500));
  storage.next(STORED, status(503), serve({ cutAfter: 500_000 }), hangUp);
  await expectWeights(repository(), 4 * MB, 6 * MB);
  expect(storage.log.at(-1)).toBe(`GET ${STORED} bytes=${4 * MB + 500_000}-${6 * MB - 1}`);
});

it("asks again after a failure, and refuses storage that changes its file", async () => {
  hub.from(REVISION, status(404));
  const folder = repository();
  expect((await findFile(folder, "config.json")).ok).toBe(false);
  imitateHub(hub, storage, REPO);
  await expectWeights(folder, 0, MB);
  const source = (await folder.file("model.safetensors"))!;
  await source.read(8 * MB, 9 * MB);
  storage.files.set(STORED, { bytes: weights, etag: '"other"' });
  expect(words(await readExactly(source, 12 * MB, 13 * MB))).toContain(
    "changed on the server while it was read",
  );
});

it("keeps bytes by their SHA-256, whichever revision they came from", async () => {
  const cache = new ChunkCache(new MemoryStore());
  imitateHub(hub, storage, REPO);
  const first = repository({ cache });
  await expectWeights(first, 0, 20 * MB);
  await readText(first, "config.json", 100);
  first.close();
  const renamed = "b".repeat(40);
  imitateHub(hub, storage, { ...REPO, revisions: { main: renamed } });
  storage.forget();
  hub.forget();
  const second = repository({ cache });
  await expectWeights(second, 0, 20 * MB);
  expect((await readText(second, "config.json", 100)).ok).toBe(true);
  expect(storage.seen).toEqual([]);
  expect(hub.seen.map(({ path }) => path)).toEqual([REVISION, `/api/models/owner/name/tree/${renamed}`]);
  expect(await cache.entries()).toMatchObject([
    {
      key: `hf://owner/name@${renamed}`,
      name: "hf://owner/name@main",
      bytes: weights.length + config.length,
      pinned: true,
    },
  ]);
});

it("stops for one who asks without stopping for the others", async () => {
  imitateHub(hub, storage, REPO);
  hub.next(REVISION, status(503));
  const folder = repository();
  const controller = new AbortController();
  const one = findFile(folder, "config.json", controller.signal);
  const two = findFile(folder, "config.json");
  controller.abort();
  expect(await one.then((r) => (r.ok ? null : r.problem.kind))).toBe("cancelled");
  expect((await two).ok).toBe(true);
});

afterAll(() => expect(gitOidOf(new Uint8Array())).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"));
