/** A group of results that is only partly wanted. */
const SPARE: usize = memory.data(64, 16);

/** Where the results of a group go whose last byte would come before `end` of the output, else a place for spare ones. */
@inline
export function place(out: usize, bytes: usize, end: usize): usize {
  return out + bytes <= end ? out : SPARE;
}

/** Moves the results of a last group from their place into the output. */
@inline
export function finish(out: usize, bytes: usize, end: usize): void {
  if (out + bytes > end) memory.copy(out, SPARE, end - out);
}
