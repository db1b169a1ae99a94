import { type DataFile, field, hasFields, type Row } from "./row";

const LABELLED = ["sol1", "answerA", "option1"];

/** A file of labels, one a line, as the authors of PIQA, Social IQa and WinoGrande publish them beside their rows. */
export const isLabelFile = ({ rows }: DataFile): boolean =>
  rows.length > 0 && rows.every((row) => Object.keys(row).length === 1 && hasFields(row, "label"));

const lacksLabel = (row: Row): boolean =>
  LABELLED.some((name) => hasFields(row, name)) &&
  !["label", "answer", "correct"].some((name) => hasFields(row, name));

/** Puts the labels of a label file into the rows of the one file of the same length that has none. */
export function joinLabels(files: readonly DataFile[]): {
  readonly files: readonly DataFile[];
  readonly joined: ReadonlyMap<string, string>;
  readonly alone: readonly DataFile[];
} {
  const joined = new Map<string, string>();
  const alone: DataFile[] = [];
  let rest = files.filter((file) => !isLabelFile(file));
  for (const labels of files.filter(isLabelFile)) {
    const fits = rest.filter((f) => f.rows.length === labels.rows.length && f.rows.every(lacksLabel));
    const [target] = fits;
    if (!target || fits.length > 1) {
      alone.push(labels);
      continue;
    }
    joined.set(target.name, labels.name);
    const rows = target.rows.map((row, i) => ({ ...row, label: field(labels.rows[i]!, "label") }));
    rest = rest.map((file) => (file === target ? { name: file.name, rows } : file));
  }
  return { files: rest, joined, alone };
}
