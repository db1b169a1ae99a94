import { describe, expect, it } from "vitest";
import { gradeOf, gradeSentence, verdictOf } from "./grade";

describe("grade of an update", () => {
  it("follows the paper's points", () => {
    expect([0.031, 0.05, 0.069, 0.1, 0.1001].map(gradeOf)).toEqual(["good", "good", "fair", "fair", "poor"]);
  });
  it("names the figures on both sides", () => {
    expect(gradeSentence(0.04)).toContain("δ 3.1 %: 104 % in math and 97 % in code");
    expect(gradeSentence(0.04)).toContain("δ 6.9 %: 96 % in math and 81 % in code");
    expect(gradeSentence(0.02)).toContain("no larger");
    expect(gradeSentence(0.2)).toContain("no smaller");
  });
  it("judges a set by its largest update", () => {
    expect(verdictOf([0.02, 0.12, 0.03])).toEqual({ grade: "poor", largest: 0.12 });
  });
});
