import type { Result } from "../result";
import { refusalFault } from "./refusal-fault";
import { SeededChoice } from "./seeded-choice";
import { timed } from "./timed";

/** A kind of file, how it is damaged, read, and read again by other means. */
export interface BadFormat<T> {
  /** What messages call the file that a refusal is about. */
  readonly file: RegExp;
  readonly mutate: (choice: SeededChoice) => Uint8Array;
  readonly read: (bytes: Uint8Array) => Result<T> | Promise<Result<T>>;
  /** Throws where an accepted file does not say what was read from it; `read` has no part in it. */
  readonly compare: (value: T, bytes: Uint8Array) => void | Promise<void>;
  /** A refusal has to name one of these. */
  readonly place: RegExp;
}

export interface Tally {
  accepted: number;
  refused: number;
  /** The longest reading, in milliseconds. */
  longest: number;
  longestSeed: number;
}

/** Milliseconds that a single reading may take. */
export const LONGEST_READING = 1000;
/** Of all cases at least this share has to be accepted, and as many refused: else the mutations test nothing. */
const LEAST_SHARE = 0.05;
const MOST_FAULTS_SHOWN = 5;
/**
 * Reads one mutated file per seed, from `firstSeed` on. Throws an Error that lists what is wrong, each with the seed that
 * repeats it.
 */
export async function runMutations<T>(
  format: BadFormat<T>,
  cases: number,
  firstSeed: number,
): Promise<Tally> {
  const tally: Tally = { accepted: 0, refused: 0, longest: 0, longestSeed: firstSeed };
  const faults: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + cases; seed++) {
    const fault = await runOne(format, seed, tally);
    if (fault !== null) faults.push(`seed ${seed}: ${fault}`);
  }
  if (faults.length > 0)
    throw new Error(`${faults.length} of ${cases} cases\n${faults.slice(0, MOST_FAULTS_SHOWN).join("\n\n")}`);
  if (Math.min(tally.accepted, tally.refused) < LEAST_SHARE * cases)
    throw new Error(`${tally.accepted} accepted and ${tally.refused} refused: too few of one kind`);
  return tally;
}

/** A line for the test's report. */
export const tallyText = (tally: Tally): string =>
  `${tally.accepted} accepted, ${tally.refused} refused, longest ${tally.longest.toFixed(1)} ms (seed ${tally.longestSeed})`;

async function runOne<T>(format: BadFormat<T>, seed: number, tally: Tally): Promise<string | null> {
  const bytes = format.mutate(new SeededChoice(seed));
  try {
    const { value: read, ms: took } = await timed(() => format.read(bytes));
    if (took > tally.longest) Object.assign(tally, { longest: took, longestSeed: seed });
    if (took > LONGEST_READING) return `reading took ${took} ms`;
    const added = Object.keys(Object.prototype)[0];
    if (added !== undefined) return `all objects have a ${added} now`;
    if (!read.ok) {
      tally.refused++;
      return refusalFault(read.problem, format.file, format.place);
    }
    tally.accepted++;
    await format.compare(read.value, bytes);
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.stack ?? error.message}`.slice(0, 600) : String(error);
  }
}
