/** Characters of a piece of a plain text. */
const MAX_PIECE = 16_384;
const MARK = "<|endoftext|>";

export interface SplitText {
  readonly pieces: readonly string[];
  /** Where it was cut, for people. */
  readonly by: string;
}

/**
 * Cuts a text into documents: at "<|endoftext|>" (which is dropped) where it occurs, and into pieces of at most 16,384
 * characters at the last blank line, else line break, else white space. Pieces that hold white space alone are joined to the one before.
 */
export function splitText(text: string): SplitText {
  const marked = text.includes(MARK);
  const documents = marked ? text.split(MARK).filter((part) => part.trim() !== "") : [text];
  const pieces = documents.flatMap(pieceUp);
  const long = pieces.length > documents.length;
  const at = marked ? [`at ${MARK}`] : [];
  if (long) at.push("at blank lines, else at line breaks, else at spaces");
  return { pieces, by: at.join(" and ") };
}

function pieceUp(document: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < document.length; ) {
    const to = document.length - from <= MAX_PIECE ? document.length : borderIn(document, from);
    const piece = document.slice(from, to);
    if (piece.trim() === "" && pieces.length > 0) pieces[pieces.length - 1] += piece;
    else pieces.push(piece);
    from = to;
  }
  return pieces;
}

/** The last border in the second half of the largest piece that begins at `from`. */
function borderIn(text: string, from: number): number {
  const end = from + MAX_PIECE;
  const least = from + MAX_PIECE / 2;
  for (const border of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(border, end - border.length);
    if (at >= least) return at + border.length;
  }
  const inPair = /[\ud800-\udbff]/.test(text[end - 1]!);
  return inPair ? end - 1 : end;
}
