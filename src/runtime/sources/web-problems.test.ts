import { afterEach, expect, it, vi } from "vitest";
import { sentence } from "../../core/result";
import { MisbehavingServer, serve } from "./misbehaving-server.fixture";
import { rangeHeaders } from "./ranged-origin";
import { PATIENT } from "./retries";
import { Web } from "./web";
import { mixedContentProblem, noAnswerProblem } from "./web-problems";

afterEach(() => vi.unstubAllGlobals());

const onPage = (href: string) => vi.stubGlobal("location", new URL(href));
const place = (address: string) => ({ file: "set/model.safetensors", address });
const failed = new TypeError("Failed to fetch");

it("names the likely causes of a silence, by where the page is", () => {
  onPage("https://workbench.example/app");
  expect(sentence(noAnswerProblem(place("https://files.example:8443/set/"), failed))).toBe(
    "set/model.safetensors: files.example:8443 gave no answer that this page may read. Either the address is wrong or the server " +
      "is down, or the server does not let other sites read it: it has to send Access-Control-Allow-Origin: " +
      "https://workbench.example (or *) and to expose Content-Range and ETag. Else download the folder and open it from disk.",
  );
  expect(sentence(noAnswerProblem(place("https://workbench.example/set/"), failed))).toBe(
    "set/model.safetensors: workbench.example does not answer. Check that the server runs and that the address is right.",
  );
  vi.stubGlobal("navigator", { onLine: false });
  expect(sentence(noAnswerProblem(place("https://files.example/"), failed))).toBe(
    "set/model.safetensors: the browser is offline. Connect, then open the set again.",
  );
});

it("refuses http from an https page before it asks, but for this machine", async () => {
  onPage("https://workbench.example/");
  for (const address of [
    "http://localhost:8000/",
    "http://127.0.0.1/x",
    "http://[::1]/",
    "https://files.example/",
  ])
    expect(mixedContentProblem(place(address)), address).toBeNull();
  const get = vi.fn();
  const asked = new Web(get, PATIENT).once(
    place("http://files.example/set/"),
    {},
    undefined,
    async () => null,
  );
  await expect(asked).rejects.toThrow("the browser does not let a page from https read from http.");
  expect(get).not.toHaveBeenCalled();
  onPage("http://workbench.example/");
  expect(mixedContentProblem(place("http://files.example/set/"))).toBeNull();
});

it("asks other hosts without If-Range, which would need their leave", () => {
  const version = { etag: '"a"', modified: null };
  onPage("https://workbench.example/");
  expect(rangeHeaders(version, "https://workbench.example/x", 0, 10)).toEqual({
    Range: "bytes=0-9",
    "If-Range": '"a"',
  });
  expect(rangeHeaders(version, "https://files.example/x", 0, 10)).toEqual({ Range: "bytes=0-9" });
});

it("drops a body that nobody reads", async () => {
  const server = await MisbehavingServer.start({ "/x": { bytes: new Uint8Array(2 ** 20) } });
  server.from("/x", serve({ drip: { bytes: 1000, ms: 5 } }));
  const web = new Web((...args) => fetch(...args), PATIENT);
  const status = await web.once(
    place(`${server.url}/x`),
    {},
    undefined,
    async ({ response }) => response.status,
  );
  expect(status).toBe(200);
  await expect.poll(() => server.open).toBe(0);
  expect(server.sent).toBeLessThan(2 ** 20);
  await server.close();
});
