import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PlainOps } from "./block-ops";
import {
  digestOf,
  MERGEKIT_VALUES,
  type MergekitValues,
  spreadValues,
  valuesOf,
  words,
} from "./mergekit-values.fixture";
import { KeyedPlaces, selectFirst, sortedRange } from "./sort-order";
import { strandedTail, torchSum } from "./torch-sum";
import { TorchNorm } from "./whole-tensor/torch-norm";
import { TorchTotal } from "./whole-tensor/torch-total";

const reference = JSON.parse(readFileSync(MERGEKIT_VALUES, "utf8")) as MergekitValues;
const ops = new PlainOps();

describe("the order of torch's operations", () => {
  it("adds rows in torch's order", () => {
    for (const { precision, count, length, digest } of reference.sums) {
      const rows = Array.from({ length: count }, (_, k) => spreadValues(count * 1000 + k, length));
      for (const row of rows) ops.round(row, precision);
      const out = new Float32Array(length);
      const sixteen = precision !== "float32";
      if (length === 1)
        out[0] = torchSum(
          rows.map((row) => row[0]!),
          sixteen,
        );
      else ops.sumRows(rows, strandedTail(length, sixteen), out, precision);
      ops.round(out, precision);
      expect(digestOf(out), `${precision} ${count} × ${length}`).toBe(digest);
    }
  });

  it("takes norms with torch's rounding errors", () => {
    for (const { precision, length, norm } of reference.norms) {
      const values = valuesOf(length, length, 0);
      ops.round(values, precision);
      const own = new TorchNorm(ops, precision);
      for (let from = 0; from < length; from += 16_384) own.add(values.subarray(from, from + 16_384));
      expect(own.value(), `${precision} ${length}`).toBe(norm);
    }
  });

  it("adds up a row in torch's order", () => {
    for (const { length, total, row } of reference.totals) {
      const values = spreadValues(length, length);
      const own = new TorchTotal(ops, "float32", length);
      for (let from = 0; from < length; from += 16_384) own.add(values.subarray(from, from + 16_384));
      expect([own.value(), own.value()], `${length}`).toEqual([total, row]);
    }
  });

  it("chooses among equal magnitudes as torch's sorts do", () => {
    for (const { length, kinds, top, order, digest } of reference.orders) {
      const numbers = Int32Array.from(words(length + kinds, length), (word) => word % kinds);
      const items = new KeyedPlaces(order === "ascending" ? numbers : numbers.map((x) => kinds - x));
      const from = order === "ascending" ? Math.floor(length / 5) : 0;
      const to = Math.min(length, from + top);
      if (order === "topk") selectFirst(items, top);
      else sortedRange(items, from, to);
      const kept = new Float32Array(length);
      for (const place of items.places.subarray(from, to)) kept[place] = 1;
      expect(digestOf(kept), `${order} ${top} of ${length}, ${kinds} kinds`).toBe(digest);
    }
  });
});
