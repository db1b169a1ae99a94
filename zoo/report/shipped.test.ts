import { expect, it } from "vitest";
import { fitsLayout, subjectOf, trainedRuns } from "../../src/core/scoring/runs-file";
import { openNodeSet } from "../../src/engine/node/open-node-set";
import { DEMO, readDemo } from "./read-demo";

const { layout, design, references, spec } = readDemo();

it("ships runs that fit the tasks, with every component, the base and every reference's mixture measured", () => {
  expect(fitsLayout(design.header, layout)).toBe(true);
  expect(fitsLayout(references.header, layout)).toBe(true);
  expect(references.header.set).toBe(design.header.set);
  const measured = new Set(design.header.rows.map((row) => JSON.stringify(row.subject)));
  for (const [i] of spec.components.entries()) {
    const alpha = spec.components.map((_, j) => (i === j ? 1 : 0));
    expect(measured).toContain(JSON.stringify({ kind: "mixture", alpha }));
  }
  expect(design.header.rows.filter((row) => row.subject.kind === "base")).toHaveLength(1);
  const runs = trainedRuns(references);
  for (const { alpha } of runs) expect(measured).toContain(JSON.stringify({ kind: "mixture", alpha }));
  expect(runs.filter((r) => r.split === "report" && r.fraction === 1).length).toBeGreaterThanOrEqual(32);
  expect(new Set(runs.map((r) => r.fraction)).size).toBeGreaterThanOrEqual(4);
  for (const scores of [...design.scores, ...references.scores]) {
    for (const { block } of layout.tasks) expect(Number.isNaN(scores[block.offset]!)).toBe(false);
  }
});

it("re-measures a part of the shipped design with WASM within 1e-3 nats", { timeout: 240_000 }, async () => {
  const set = await openNodeSet(DEMO, { backend: "wasm" });
  if (!set.ok) throw new Error(set.problem.message);
  const { engine, opened } = set.value;
  expect(opened.set.hash).toBe(design.header.set);
  expect(opened.tasks).toEqual(layout);
  const rows = design.header.rows.map((row, i) => [row, design.scores[i]!] as const);
  const picked = rows.filter((_, i) => i % Math.ceil(rows.length / 4) === 2);
  expect(picked.length).toBeGreaterThanOrEqual(3);
  for (const [row, shipped] of picked) {
    const request = { subject: subjectOf(row), limit: 150 };
    const again = await engine.measure(new AbortController().signal, request, () => undefined);
    if (!again.ok) throw new Error(again.problem.message);
    const { scores, done } = again.value;
    expect(done).toBeGreaterThanOrEqual(150);
    let worst = 0;
    for (let k = 0; k < scores.length; k++) {
      if (!Number.isNaN(scores[k]!)) worst = Math.max(worst, Math.abs(scores[k]! - shipped[k]!));
    }
    expect(worst, row.id).toBeLessThan(1e-3);
  }
  engine.close();
});
