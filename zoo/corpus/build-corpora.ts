import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { documentName, isHeldOut, readDocuments, type TextSource } from "./documents";
import { heldOutQuestions, type MathSource, mathDocuments } from "./math";

const OUT = resolve(import.meta.dirname, "../.work/corpus");

interface Line {
  name: string;
  text: string;
}

function write(source: string, part: "train" | "heldout", lines: Line[]): void {
  writeFileSync(
    join(OUT, `${source}.${part}.jsonl`),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line.text), 0);
  console.log(
    `${source.padEnd(11)} ${part.padEnd(8)} ${String(lines.length).padStart(6)} documents ${(bytes / 1e6).toFixed(2).padStart(7)} MB`,
  );
}

/** The training part of every corpus, and the held-out part, as JSON lines under zoo/.work/corpus. */
function main(): void {
  mkdirSync(OUT, { recursive: true });
  for (const source of ["prose", "python", "javascript"] satisfies TextSource[]) {
    const lines = readDocuments(source).map((doc) => ({
      name: documentName(doc),
      text: doc.bytes.toString("utf8"),
    }));
    write(
      source,
      "train",
      lines.filter((line) => !isHeldOut(line.name)),
    );
    write(
      source,
      "heldout",
      lines.filter((line) => isHeldOut(line.name)),
    );
  }
  const reserved = heldOutQuestions();
  for (const source of ["math_high", "math_low"] satisfies MathSource[]) {
    const docs = mathDocuments(source);
    const train = docs.filter((doc) => !isHeldOut(doc.name) && !(doc.question && reserved.has(doc.question)));
    write(
      source,
      "train",
      train.map(({ name, text }) => ({ name, text })),
    );
    write(
      source,
      "heldout",
      docs.filter((doc) => isHeldOut(doc.name)).map(({ name, text }) => ({ name, text })),
    );
  }
}

main();
