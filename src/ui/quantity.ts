const UNITS = [
  [1e12, " T"],
  [1e9, " B"],
  [1e6, " M"],
  [1e3, " k"],
] as const;

/** Token counts with three significant figures: "5.24 M"; a dash where it is not known. */
export function tokensText(n: number): string {
  if (!Number.isFinite(n)) return "–";
  const [size, unit] = UNITS.find(([s]) => n >= s) ?? [1, ""];
  return `${Number((n / size).toPrecision(3))}${unit}`;
}

/** "12 s", "1 min 15 s", "1 h 2 min"; a dash where it is not known. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 1) return "under 1 s";
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
