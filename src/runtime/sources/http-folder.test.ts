import { expect, it } from "vitest";
import { readExactly } from "../../core/checkpoint/byte-source";
import { httpFolder } from "./http-folder";

const large = Uint8Array.from({ length: 17 * 2 ** 20 }, (_, i) => i % 251);
const requests: string[] = [];

const get: typeof fetch = async (input, init) => {
  const path = new URL(String(input)).pathname;
  const range = new Headers(init?.headers).get("range");
  requests.push(`${path} ${range ?? ""}`.trim());
  if (path === "/set/small.json") return new Response("{}");
  if (path === "/set/broken") return new Response("no", { status: 500 });
  if (path === "/set/page") return new Response("<html>", { headers: { "content-type": "text/html" } });
  if (path !== "/set/large.bin") return new Response("no", { status: 404 });
  const headers = { "accept-ranges": "bytes", "content-length": String(large.length) };
  if (!range) return new Response(large, { headers });
  const [start = 0, end = 0] = range.replace("bytes=", "").split("-").map(Number);
  return new Response(large.slice(start, end + 1), { status: 206 });
};
const folder = httpFolder("https://example.org/set/", get);

it("fetches small files whole and large ones by range", async () => {
  const small = (await folder.file("small.json"))!;
  expect(new TextDecoder().decode(await small.read(0, small.size))).toBe("{}");
  const source = (await folder.file("large.bin"))!;
  expect(source.size).toBe(large.length);
  const part = await readExactly(source, 1000, 1010);
  expect(part.ok && [...part.value]).toEqual([...large.slice(1000, 1010)]);
  expect(requests).toEqual(["/set/small.json", "/set/large.bin", "/set/large.bin bytes=1000-1009"]);
});

it("tells a missing file from a failing server", async () => {
  expect(await folder.file("nothing")).toBeNull();
  expect(await folder.file("page")).toBeNull();
  await expect(folder.file("broken")).rejects.toThrow("500");
});
