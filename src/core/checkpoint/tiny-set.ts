import type { FolderSource } from "./byte-source";
import type { ComponentSetSpec, SetMember } from "./component-set";
import { type TinyFiles, tinyFiles, tinyFolder, tinyTensors } from "./tiny-checkpoint";

/** A set file for tests, whose first component is the general one when it is called that. */
export const tinySpec = (ids: readonly string[]): ComponentSetSpec => ({
  format: "demix-set",
  version: 2,
  name: "Tiny",
  beta: 0.5,
  base: { id: "base", label: "Base", source: "base/" },
  components: ids.map((id) => ({
    id,
    label: id,
    source: `${id}/`,
    trainedOn: id,
    general: id === "general",
    beta: 0.5,
    trainTokens: 1000,
    supplyTokens: 1000,
  })),
  tasks: "tasks.json",
});

export interface TinySet {
  readonly spec: ComponentSetSpec;
  readonly files: Record<string, TinyFiles>;
  readonly folders: (member: SetMember) => FolderSource;
}

/** A set in memory; `files` may be changed before it is opened. */
export function tinySet(ids: readonly string[]): TinySet {
  const files: Record<string, TinyFiles> = {};
  for (const [i, id] of ["base", ...ids].entries()) files[id] = tinyFiles(tinyTensors(i));
  return { spec: tinySpec(ids), files, folders: ({ id }) => tinyFolder(id, files[id] ?? {}) };
}
