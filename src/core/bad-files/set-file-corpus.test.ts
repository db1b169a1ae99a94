import { expect, it } from "vitest";
import { parseSource } from "../checkpoint/member-source";
import { parseSetSpec } from "../checkpoint/set-spec";
import { tinySpec } from "../checkpoint/tiny-set";
import type { Result } from "../result";
import { refusalFault } from "./refusal-fault";
import { timed } from "./timed";

const FILE = "demix-set.json";
const spec = tinySpec(["general", "code"]);
const [general, code] = spec.components;

async function expectRefused(read: () => Result<unknown>, file: RegExp, place: RegExp): Promise<void> {
  const { value, ms } = await timed(read);
  if (value.ok) throw new Error("it was accepted");
  expect(refusalFault(value.problem, file, place)).toBeNull();
  expect(ms).toBeLessThan(1000);
  expect(Object.keys(Object.prototype)).toEqual([]);
}

it.each([
  "",
  "/",
  "/etc/",
  "..",
  "../other/",
  "a/../../b/",
  "./a",
  "a/./b",
  "a//b",
  " a",
  "a ",
  "\ta",
  "a\\b",
  "C:\\models",
  "C:/models",
  "%2e%2e/a",
  "a/%2E%2E/b",
  "a%2fb",
  "a?b",
  "a#b",
  "a\u0000b",
  "a\nb",
  "\u202eab",
  "javascript:alert(1)",
  "data:text/html,x",
  "file:///etc/",
  "ftp://host/a",
  "blob:https://host/x",
  "//host/a",
  "https://",
  "https:///a",
  "https://user@host/a",
  "https://user:secret@host/a",
  "https://host/a?token=secret",
  "https://host/a?",
  "https://host/a#b",
  "https://host/a#",
  "https://ho st/a",
  "https://host\\@evil/a",
  "https://ho\nst/a",
  "https://host:99999/a",
  "https://[::1/a",
  "hf://",
  "hf://owner",
  "hf://owner/",
  "hf://owner/name/more",
  "hf://../name",
  "hf://owner/..",
  "hf://owner/name@",
  "hf://owner/name@../x",
  "hf://owner/name@a/../b",
  "hf://owner/name@a//b",
  "hf://owner/name@a/",
  "hf://owner/name@a@b",
  "hf://owner/name?x",
  "hf://hf_secret@owner/name",
  "HF://owner/name",
  "local:",
  "local:a\nb",
  "local:\u2066a",
])("no source is %j", refuseSource);

it("no source has more than 1000 characters", () => refuseSource("x".repeat(1001)));

async function refuseSource(source: string): Promise<void> {
  await expectRefused(() => parseSource(source, FILE), /^demix-set\.json$/, /the source "/);
  const text = JSON.stringify({ ...spec, components: [general, { ...code, source }] });
  await expectRefused(() => parseSetSpec(text, FILE), /^demix-set\.json$/, /"components\[1\]\.source"/);
}

const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ...code, id: `c${i}` }));
const sum = "0".repeat(64);

it.each<readonly [string, unknown, RegExp]>([
  [
    "a hundred thousand components",
    { ...spec, components: many(100_000) },
    /"components" must be at most 64 long/,
  ],
  ["ids that collide", { ...spec, components: [code, code] }, /the id "code"/],
  ["an id of the base", { ...spec, components: [{ ...code, id: "base" }] }, /the id "base"/],
  ["the id __proto__", { ...spec, components: [{ ...code, id: "__proto__" }] }, /components\[0\]\.id/],
  ["an id with a slash", { ...spec, components: [{ ...code, id: "a/b" }] }, /components\[0\]\.id/],
  ["an empty id", { ...spec, components: [{ ...code, id: "" }] }, /components\[0\]\.id/],
  [
    "a label with a line break",
    { ...spec, components: [{ ...code, label: "a\nb" }] },
    /components\[0\]\.label/,
  ],
  ["a label with a NUL", { ...spec, base: { ...spec.base, label: "\u0000" } }, /base\.label/],
  ["a label that turns the text", { ...spec, base: { ...spec.base, label: "\u202egnp.exe" } }, /base\.label/],
  [
    "a label of a million characters",
    { ...spec, base: { ...spec.base, label: "x".repeat(1_000_000) } },
    /base\.label/,
  ],
  ["a label that is a list", { ...spec, base: { ...spec.base, label: ["x"] } }, /base\.label/],
  ["a name with a control character", { ...spec, name: "a\u0007" }, /"name"/],
  ["tasks out of the folder", { ...spec, tasks: "../tasks.json" }, /"tasks"/],
  ["tasks at an address", { ...spec, tasks: "https://host/tasks.json" }, /"tasks"/],
  ["tasks behind an encoded dot", { ...spec, tasks: "%2e%2e/tasks.json" }, /"tasks"/],
  ["tasks behind a space", { ...spec, tasks: " ../tasks.json" }, /"tasks"/],
  [
    "a checksum of a file out of the folder",
    { ...spec, base: { ...spec.base, sha256: { "../x": sum } } },
    /base\.sha256/,
  ],
  [
    "a checksum in capitals",
    { ...spec, base: { ...spec.base, sha256: { x: "A".repeat(64) } } },
    /base\.sha256/,
  ],
  ["a checksum that is short", { ...spec, base: { ...spec.base, sha256: { x: "0" } } }, /base\.sha256/],
  ["checksums as a list", { ...spec, base: { ...spec.base, sha256: [sum] } }, /base\.sha256/],
  ["β as text", { ...spec, beta: "0.5" }, /"beta"/],
  ["β of −0.1", { ...spec, beta: -0.1 }, /"beta"/],
  ["tokens below 0", { ...spec, components: [{ ...code, trainTokens: -1 }] }, /components\[0\]\.trainTokens/],
  ["version −1", { ...spec, version: -1 }, /"version"/],
  ["version 1.5", { ...spec, version: 1.5 }, /"version"/],
  ["version as text", { ...spec, version: "2" }, /"version"/],
  ["version 3", { ...spec, version: 3 }, /made by a newer version/],
  ["no version", { ...spec, version: undefined }, /"version"/],
  ["components as an object", { ...spec, components: { 0: code } }, /"components"/],
  ["a component that is null", { ...spec, components: [null] }, /"components\[0\]"/],
  ["no base", { ...spec, base: null }, /"base"/],
])("no set has %s", async (_, value, place) => {
  await expectRefused(() => parseSetSpec(JSON.stringify(value), FILE), /^demix-set\.json$/, place);
});

it.each([
  ["at the top", `{"__proto__":{"polluted":1},${JSON.stringify(spec).slice(1)}`],
  ["in a member", JSON.stringify(spec).replace('"id":"base"', '"id":"base","__proto__":{"polluted":1}')],
  [
    "among checksums",
    JSON.stringify(spec).replace('"id":"base"', `"id":"base","sha256":{"__proto__":"${sum}"}`),
  ],
])("no set has the key __proto__ %s", async (_, text) => {
  await expectRefused(
    () => parseSetSpec(text, FILE),
    /^demix-set\.json$/,
    /the key "__proto__" .*line 1, column \d+/,
  );
});
