/**
 * Throws unless everything that was read stands in the declared JSON at the same place with the same value. Objects may
 * declare more than is read, except those under the keys of `tables`, whose names are data.
 */
export function expectDeclared(
  read: unknown,
  declared: unknown,
  tables: readonly string[],
  place = "$",
): void {
  const wrong = (why: string) => new Error(`${place}: ${why}`);
  if (typeof read !== "object" || read === null) {
    if (!Object.is(read, declared))
      throw wrong(`${JSON.stringify(read)} was read, ${JSON.stringify(declared)} stands there`);
    return;
  }
  if (typeof declared !== "object" || declared === null)
    throw wrong(`${JSON.stringify(declared)} stands there`);
  const all = Array.isArray(read) || tables.includes(place.slice(place.lastIndexOf(".") + 1));
  const known = Object.keys(read).filter((key) => (read as Record<string, unknown>)[key] !== undefined);
  if (Array.isArray(read) !== Array.isArray(declared)) throw wrong("a list is no object");
  if (all && known.length !== Object.keys(declared).length)
    throw wrong(`${known.length} of ${Object.keys(declared).length} entries were read`);
  for (const key of known) {
    if (!Object.hasOwn(declared, key)) throw wrong(`${key} was read and does not stand there`);
    const [own, theirs] = [read, declared].map((value) => (value as Record<string, unknown>)[key]);
    expectDeclared(own, theirs, tables, `${place}.${key}`);
  }
}
