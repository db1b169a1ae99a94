import lz from "lz-string";
import { describe, expect, it } from "vitest";
import { type LinkState, linkHash, readLinkHash } from "./share-link";

const state: LinkState = {
  version: 1,
  set: "abc",
  alpha: [0.2, 0.5, 0.3],
  page: "explore",
  view: "accuracy",
  target: "domain:code",
  axes: [0, 1, 2],
  name: "Größe ✓",
};
const pack = (value: unknown) => `#s=${lz.compressToEncodedURIComponent(JSON.stringify(value))}`;
const message = (hash: string) => {
  const result = readLinkHash(hash);
  return result.ok ? "" : result.problem.message;
};

describe("share link", () => {
  it("comes back from the hash", () => {
    expect(readLinkHash(linkHash(state))).toEqual({ ok: true, value: state });
    expect(linkHash(state)).toMatch(/^#s=[A-Za-z0-9+\-$]+$/);
  });

  it("is absent in an ordinary hash", () => {
    for (const hash of ["", "#", "#explore"]) expect(readLinkHash(hash)).toEqual({ ok: true, value: null });
  });

  it("says what is wrong with a broken one", () => {
    expect(message("#s=")).toContain("cut off");
    expect(message("#s=%%%")).toContain("cut off");
    expect(message(linkHash(state).slice(0, 30))).toContain("cut off");
    expect(message(pack({ ...state, version: 2 }))).toContain("newer workbench");
    expect(message(pack({ ...state, alpha: [0.9, 0.9] }))).toContain("does not sum to 1");
    expect(message(pack({ ...state, axes: [0, 1] }))).toContain("not hold what is expected");
    expect(message(`#s=${"A".repeat(30_000)}`)).toContain("longer");
  });
});
