import fc from "fast-check";
import { expect, it } from "vitest";
import { seededRandom } from "../seeded-random";
import { batchFeeds, HIDDEN, packBatches, paddingShare } from "./pack";
import { itemTrees, type TokenTree, tokenTree } from "./token-tree";

const sequence = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 12 })
  .chain((tokens) => fc.integer({ min: 1, max: tokens.length - 1 }).map((from) => ({ tokens, from })));

it("keeps every sequence and shares every common beginning", () => {
  fc.assert(
    fc.property(fc.array(sequence, { minLength: 1, maxLength: 5 }), (sequences) => {
      const tree = tokenTree(sequences);
      const path = (node: number): number[] =>
        node < 0 ? [] : [...path(tree.parents[node]!), tree.tokens[node]!];
      const paths = tree.tokens.map((_, n) => path(n).join(" "));
      expect(new Set(paths).size).toBe(paths.length);
      for (const [s, { tokens, from }] of sequences.entries()) {
        const asked = tree.slots.flatMap((slot, k) => (slot === s ? [k] : []));
        expect(asked.map((k) => tree.targets[k])).toEqual(tokens.slice(from));
        expect(asked.map((k) => path(tree.sources[k]!))).toEqual(
          tokens.slice(from).map((_, i) => tokens.slice(0, from + i)),
        );
      }
    }),
  );
});

it("places every tree once, within the limits, and hides all but a node's ancestors", () => {
  fc.assert(
    fc.property(fc.array(fc.array(sequence, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), (items) => {
      const units = items.flatMap((sequences, owner) =>
        itemTrees(sequences, 20).map((tree) => ({ owner, tree })),
      );
      const batches = packBatches(units, { tokens: 48, targets: 30 });
      expect(batches.flatMap((b) => b.placed.map((p) => p.unit)).length).toBe(units.length);
      expect(paddingShare(batches)).toBeLessThan(1);
      for (const batch of batches) {
        if (batch.placed.length > 1) expect(batch.targets).toBeLessThanOrEqual(30);
        const { mask, ids, source, target } = batchFeeds(batch);
        const { length } = batch;
        for (const { unit, row, at } of batch.placed) {
          const { tree } = unit;
          for (let n = 0; n < tree.tokens.length; n++) {
            const ancestors = new Set<number>();
            for (let a = n; a >= 0; a = tree.parents[a]!) ancestors.add(at + a);
            const start = (row * length + at + n) * length;
            for (let key = 0; key < length; key++)
              expect(mask[start + key]).toBe(ancestors.has(key) ? 0 : HIDDEN);
            expect(ids[row * length + at + n]).toBe(tree.tokens[n]);
          }
        }
        expect(source.length).toBe(batch.targets);
        expect(target.length).toBe(batch.targets);
      }
    }),
    { numRuns: 50 },
  );
});

/** A tree of so many tokens, one of which is asked about. */
const chain = (size: number): TokenTree =>
  tokenTree([{ tokens: Array.from({ length: size + 1 }, (_, i) => i), from: size }]);

it("wastes less than a twentieth on padding", () => {
  const random = seededRandom(8);
  const between = (low: number, high: number) => low + Math.floor((high - low + 1) * random());
  const tasks: Record<string, number[]> = {
    // Sizes of ARC-E items with their choices, of short items behind shared shots, of texts in windows of 256 tokens.
    choices: Array.from({ length: 300 }, () => between(20, 90) + between(0, 90)),
    fewShot: Array.from({ length: 150 }, () => between(22, 60)),
    rolling: Array.from({ length: 40 }, () => between(60, 1400)).flatMap((tokens) => [
      ...Array<number>(Math.floor(tokens / 256)).fill(256),
      (tokens % 256) + 1,
    ]),
  };
  for (const sizes of Object.values(tasks))
    for (const tokens of [1024, 4096]) {
      const units = sizes.map((size, owner) => ({ owner, tree: chain(size) }));
      const batches = packBatches(units, { tokens, targets: 1e6 });
      expect(batches.flatMap((b) => b.placed)).toHaveLength(units.length);
      for (const b of batches) expect(b.rows * b.length).toBeLessThanOrEqual(tokens);
      expect(paddingShare(batches)).toBeLessThan(0.05);
    }
});
