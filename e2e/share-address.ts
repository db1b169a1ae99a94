import { linkHash } from "../src/core/recipe/share-link";
import { hashOfSet } from "./demo-files";

/** The hash of an address that opens a page at an exact mixture. */
export async function mixtureHash(alpha: readonly number[], page = "explore"): Promise<string> {
  return linkHash({ version: 1, set: await hashOfSet(), alpha: [...alpha], page });
}
