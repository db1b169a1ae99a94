import { expect, it } from "vitest";
import { pageOfHash } from "./routing";

it("reads the page from the address", () => {
  expect(pageOfHash("#/ranks")).toBe("ranks");
  for (const hash of ["", "#/nothing", "#s=abc", "#/ranks/1", "#page"]) expect(pageOfHash(hash)).toBeNull();
});
