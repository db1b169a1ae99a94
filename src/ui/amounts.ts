const UNITS = ["", "k", "M", "B", "T"] as const;

/** A count in three significant digits: "1.02 M". */
export function amount(n: number): string {
  if (!Number.isFinite(n)) return "–";
  let step = 0;
  let value = n;
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const text = step === 0 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  return UNITS[step] ? `${text} ${UNITS[step]}` : text;
}

/** Bytes, decimal units: "10.2 MB". */
export function bytes(n: number): string {
  if (!Number.isFinite(n)) return "–";
  const [unit, size] = n >= 1e9 ? ["GB", 1e9] : n >= 1e6 ? ["MB", 1e6] : n >= 1e3 ? ["kB", 1e3] : ["B", 1];
  return `${Number((n / (size as number)).toPrecision(3))} ${unit}`;
}

/** δ as percent with one decimal. */
export const deltaPercent = (delta: number, decimals = 1): string => `${(delta * 100).toFixed(decimals)} %`;
