import type { ComponentSetSpec } from "../../core/checkpoint/component-set";
import type { FolderSet } from "../../protocol/engine-protocol";
import type { TaskBundle } from "../../protocol/task-protocol";
import type { Platform } from "../../runtime/ort";
import { nodeFolder } from "./node-folder";
import { nodePlatform } from "./node-platform";

/** Node's platform, where every member of an opened set is the model in `folder`. */
export const modelPlatform = (folder: string): Platform => ({
  ...nodePlatform(),
  openFolder: () => ({ ...nodeFolder(folder), close: () => undefined }),
});

/** One model as a set that is opened for its base alone, scored on the given tasks. */
export function modelSet(folder: string, name: string, tasks: TaskBundle): FolderSet {
  const member = (id: string) => ({ id, label: name, source: "local:model" });
  const unknown = { trainedOn: "", general: false, beta: 0.5, trainTokens: null, supplyTokens: null };
  const spec: ComponentSetSpec = {
    format: "demix-set",
    version: 2,
    name,
    beta: 0.5,
    base: member("base"),
    components: [{ ...member("model"), ...unknown }],
  };
  const ref = { kind: "opfs", path: folder } as const;
  return { text: JSON.stringify(spec), file: folder, folders: { base: ref, model: ref }, home: null, tasks };
}
