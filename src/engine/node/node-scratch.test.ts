import { describe, expect, it } from "vitest";
import { nodeScratch } from "./node-scratch";

describe("Node's scratch file", () => {
  it("gives back what was written, anywhere in it, and refuses what was not", async () => {
    const file = await nodeScratch();
    if (!file) throw new Error("no scratch file");
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    expect((await file.write(5000, bytes)).ok).toBe(true);
    expect((await file.write(0, bytes.subarray(10, 20))).ok).toBe(true);
    const back = new Uint8Array(500);
    expect((await file.read(5250, back)).ok).toBe(true);
    expect(back).toEqual(bytes.subarray(250, 750));
    const beyond = await file.read(5800, back);
    expect(beyond.ok ? "" : beyond.problem.message).toContain("shorter than expected");
    await file.close();
  });
});
