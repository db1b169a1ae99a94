import * as z from "zod/mini";
import { explainIssue } from "../explain-issue";
import { fail, ok, type Result } from "../result";
import { hasHiddenCharacters, isPathInside } from "../safe-text";
import type { ComponentSetSpec, SetMember } from "./component-set";
import { parseSource, sourceText } from "./member-source";
import { isObject, type JsonObject, parseStrictJson, quote, toPlain } from "./strict-json";

export const MAX_COMPONENTS = 64;
const VERSION = 2;

/** One step each: what makes a set of version n one of version n + 1. */
const UPGRADERS: ReadonlyMap<number, (set: JsonObject) => JsonObject> = new Map([
  // Sources may be addresses since, and what is not known may be null: a set of version 1 says the same in version 2.
  [1, (set) => new Map(set).set("version", 2)],
]);

const text = z.string().check(z.maxLength(10_000));
const name = text.check(
  z.refine((s: string) => !hasHiddenCharacters(s), {
    error: "must hold no control characters, line breaks or direction marks",
  }),
);
const id = z.string().check(
  z.refine((s: string) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(s), {
    error: "must be 1 to 64 letters, digits, dots, dashes or underscores",
  }),
);
const path = z
  .string()
  .check(z.refine(isPathInside, { error: "must be a path relative to the set file, without '..'" }));
const share = z.number().check(z.gte(0), z.lte(1));
const count = z.number().check(z.gte(0));
const digest = z
  .string()
  .check(
    z.refine((s: string) => /^[0-9a-f]{64}$/.test(s), { error: "must be 64 lower-case hexadecimal digits" }),
  );

const member = {
  id,
  label: name,
  source: z.string(),
  sha256: z.exactOptional(z.record(path, digest)),
};

const schema = z.looseObject({
  format: z.literal("demix-set"),
  version: z.literal(VERSION),
  name,
  beta: share,
  base: z.looseObject(member),
  components: z
    .array(
      z.looseObject({
        ...member,
        trainedOn: text,
        general: z.boolean(),
        beta: z.nullable(share),
        trainTokens: z.nullable(count),
        supplyTokens: z.nullable(count),
        licences: z.exactOptional(z.array(text)),
      }),
    )
    .check(z.minLength(1)),
  tasks: z.exactOptional(path),
  references: z.exactOptional(path),
  design: z.exactOptional(path),
  sources: z.exactOptional(z.array(z.looseObject({ name, version: text, licence: text, what: text }))),
});

const REMEDY = "Correct the set file, or make it anew.";

/** Reads demix-set.json of any version so far, as version 2. Unknown keys are kept; a member's source is normalised. */
export function parseSetSpec(source: string, file: string): Result<ComponentSetSpec> {
  const json = parseStrictJson(source, file, { ownFormat: true });
  if (!json.ok) return json;
  const bad = (message: string, remedy = REMEDY) => fail("bad-set", message, { file, remedy });
  if (!isObject(json.value) || json.value.get("format") !== "demix-set")
    return bad('is no component set: its "format" is not "demix-set".', "Choose a demix-set.json.");
  let set = json.value;
  let version = set.get("version");
  if (typeof version === "number" && version > VERSION)
    return bad(
      `was made by a newer version of the workbench (set format ${version}; this one reads up to ${VERSION}).`,
      "Update the workbench.",
    );
  for (let upgrade = upgraderOf(version); upgrade; upgrade = upgraderOf(version)) {
    set = upgrade(set);
    version = set.get("version");
  }
  const listed = set.get("components");
  if (Array.isArray(listed) && listed.length > MAX_COMPONENTS)
    return bad(`"components" must be at most ${MAX_COMPONENTS} long.`);
  const parsed = schema.safeParse(toPlain(set));
  if (!parsed.success) return bad(explainIssue(parsed.error.issues[0]!));
  const base = withSource(parsed.data.base, "base.source", file);
  if (!base.ok) return base;
  const components: ComponentSetSpec["components"][number][] = [];
  for (const [i, component] of parsed.data.components.entries()) {
    const own = withSource(component, `components[${i}].source`, file);
    if (!own.ok) return own;
    components.push(own.value);
  }
  const spec: ComponentSetSpec = { ...parsed.data, base: base.value, components };
  const ids = new Set([spec.base.id]);
  for (const component of spec.components) {
    if (ids.has(component.id)) return bad(`two of its members have the id ${quote(component.id)}.`);
    ids.add(component.id);
  }
  const general = spec.components.filter((c) => c.general).map((c) => quote(c.id));
  if (general.length > 1) return bad(`declares ${general.join(" and ")} as general; at most one may be.`);
  return ok(spec);
}

const upgraderOf = (version: unknown) => (typeof version === "number" ? UPGRADERS.get(version) : undefined);

/** The member with its source in the one form that `sourceText` writes. */
function withSource<T extends SetMember>(member: T, place: string, file: string): Result<T> {
  const source = parseSource(member.source, file);
  if (source.ok) return ok({ ...member, source: sourceText(source.value) });
  const { message, remedy = REMEDY } = source.problem;
  return fail("bad-set", `${quote(place)} cannot be read: ${message}`, { file, remedy });
}

/** The set file's text. It holds what the set says, and no weights, tokens or handles. */
export const setSpecText = (spec: ComponentSetSpec): string => `${JSON.stringify(spec, null, 2)}\n`;
