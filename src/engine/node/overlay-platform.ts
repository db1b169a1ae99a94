import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FolderSource } from "../../core/checkpoint/byte-source";
import type { Platform } from "../../runtime/ort";
import { nodeFolder } from "./node-folder";
import { nodePlatform } from "./node-platform";

/** Node's platform, but the set in `setDir` takes its tasks from `tasksFile` and items beside that file first. */
export function overlayPlatform(setDir: string, tasksName: string, tasksFile: string): Platform {
  const home = setDir.replace(/\/+$/, "");
  const beside = nodeFolder(dirname(tasksFile));
  const within = join(tasksName, "..");
  const folder = (url: string): FolderSource => {
    const real = nodeFolder(url);
    if (url.replace(/\/+$/, "") !== home) return real;
    return {
      name: real.name,
      file: (path) => {
        if (path === tasksName) return beside.file(basename(tasksFile));
        const moved = within === "." ? path : path.slice(within.length + 1);
        return existsSync(join(dirname(tasksFile), moved)) ? beside.file(moved) : real.file(path);
      },
    };
  };
  return { ...nodePlatform(), folder };
}
