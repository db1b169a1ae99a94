import { readdirSync, readFileSync } from "node:fs";

/** Bytes of the largest resident set that a browser's renderer below the process `root` had (VmHWM, Linux). */
export function rendererPeak(root: number): number {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const status = read(`/proc/${pid}/status`);
      const number = (field: string) =>
        Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      const renderer = read(`/proc/${pid}/cmdline`).includes("--type=renderer");
      return status
        ? [{ pid: Number(pid), parent: number("PPid"), peak: number("VmHWM") * 1024, renderer }]
        : [];
    });
  const family = new Set([root]);
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  return Math.max(
    0,
    ...processes.flatMap(({ pid, peak, renderer }) => (renderer && family.has(pid) ? [peak] : [])),
  );
}

/** Empty where the process is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
