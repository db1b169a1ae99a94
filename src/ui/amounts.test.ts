import { expect, it } from "vitest";
import { amount, bytes } from "./amounts";

it("shows counts in three digits", () => {
  expect([0, 950, 1024, 1_024_000, 999_999, 4.1e9].map(amount)).toEqual([
    "0",
    "950",
    "1.02 k",
    "1.02 M",
    "1 M",
    "4.1 B",
  ]);
});

it("shows bytes in decimal units", () => {
  expect([512, 1_695_192, 24.6e9].map(bytes)).toEqual(["512 B", "1.7 MB", "24.6 GB"]);
});
