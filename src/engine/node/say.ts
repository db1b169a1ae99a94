import type { WrittenFile } from "../../core/checkpoint/model-writer";
import type { Progress } from "../../core/checkpoint/progress";

/** Progress on one line of the terminal, at most ten times a second. */
export function sayProgress(verb: string): (progress: Progress) => void {
  let said = 0;
  return ({ done, total, unit }) => {
    const now = performance.now();
    if (now - said < 100 && done < total) return;
    said = now;
    const [part, whole, name] =
      unit === "bytes" ? [(done / 1e6).toFixed(0), (total / 1e6).toFixed(0), "MB"] : [done, total, unit];
    process.stderr.write(`\r${verb} ${part} of ${whole} ${name}${done < total ? "" : "\n"}`);
  };
}

/** The files of a written model, with the hashes of its weights. */
export function sayWritten(folder: string, files: readonly WrittenFile[], seconds: number): void {
  const weights = files.filter((f) => f.path.endsWith(".safetensors"));
  const bytes = weights.reduce((sum, f) => sum + f.bytes, 0);
  console.log(
    `Merged: ${folder}, ${(bytes / 1e6).toFixed(1)} MB of weights in ${seconds.toFixed(1)} s (${(bytes / 1e6 / seconds).toFixed(0)} MB/s written)`,
  );
  for (const { path, sha256 } of weights) console.log(`  ${path}  sha256 ${sha256}`);
}
