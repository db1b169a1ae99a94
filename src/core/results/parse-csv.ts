import { fail, ok, type Result } from "../result";

const MAX_CELLS = 2_000_000;

/** RFC 4180: quoted cells may hold commas, line breaks and doubled quotes. Empty lines are left out. */
export function parseCsv(text: string, file: string): Result<string[][]> {
  const rows: string[][] = [];
  let row: string[] = [];
  let cells = 0;
  const cell = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const endRow = (): void => {
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  };
  for (;;) {
    cell.lastIndex = at;
    const found = cell.exec(text);
    const end = cell.lastIndex;
    const next = text[end];
    if (!found || (next !== undefined && next !== "," && next !== "\n" && next !== "\r"))
      return fail(
        "bad-file",
        `row ${rows.length + 1} has a quote that does not close or stands inside a cell.`,
        {
          file,
          remedy: "Save the table as CSV again.",
        },
      );
    if (++cells > MAX_CELLS)
      return fail("bad-file", `has more than ${MAX_CELLS} cells.`, {
        file,
        remedy: "Choose a smaller table.",
      });
    row.push(found[1] !== undefined ? found[1].replaceAll('""', '"') : found[2]!);
    if (next === undefined) break;
    at = end + 1;
    if (next === ",") continue;
    if (next === "\r" && text[at] === "\n") at++;
    endRow();
    if (at >= text.length) return ok(rows);
  }
  endRow();
  return ok(rows);
}
