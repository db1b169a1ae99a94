export interface LeftOutRow {
  /** From 1. */
  readonly row: number;
  readonly reason: string;
}

const SHOWN = 3;

/** One sentence a reason: how many rows, which ones. */
export function leftOutRows(rows: readonly LeftOutRow[]): readonly string[] {
  const byReason = new Map<string, number[]>();
  for (const { row, reason } of rows) byReason.set(reason, [...(byReason.get(reason) ?? []), row]);
  return [...byReason].map(([reason, numbers]) => {
    const named = numbers.slice(0, SHOWN).join(", ");
    const more = numbers.length > SHOWN ? ` and ${numbers.length - SHOWN} more` : "";
    const many = numbers.length === 1 ? "1 row is" : `${numbers.length} rows are`;
    return `${many} left out: ${reason} (row ${named}${more}).`;
  });
}
