import { type Hasher, Sha256Stream } from "./sha256-stream";

let create = (): Hasher => new Sha256Stream();

/** A hasher of the kind that was set last; one in JavaScript where none was. */
export const createHasher = (): Hasher => create();

/** Sets what `createHasher` calls, for this thread: a program has faster means than the method may import. */
export function setHasher(factory: () => Hasher): void {
  create = factory;
}
