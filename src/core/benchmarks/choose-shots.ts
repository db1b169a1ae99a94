import { sha256 } from "../canonical";
import { FewShotSampler } from "../tasks/few-shot-sampler";
import { MBPP_SHOTS, mbppTaskId } from "./mbpp";
import { lastBoxed, withoutBox } from "./minerva-answer";
import { MINERVA_SHOTS } from "./minerva-shots";
import type { RecognisedTask } from "./recognise";
import { type DataFile, type Row, textField } from "./row";
import { splitOf } from "./split-name";

/** The shots of each item, and what is to be said of them. */
export interface ChosenShots {
  /** Shots an item. */
  readonly number: number;
  /** Called once an item, in order. */
  next(): readonly Row[];
  readonly warnings: readonly string[];
}

const none = (...warnings: string[]): ChosenShots => ({ number: 0, next: () => [], warnings });
const always = (rows: readonly Row[], ...warnings: string[]): ChosenShots => ({
  number: rows.length,
  next: () => rows,
  warnings,
});

/** The shots that lm-eval shows, as far as the dropped files hold them; `wanted` instead of the benchmark's own number. */
export async function chooseShots(task: RecognisedTask, wanted?: number): Promise<ChosenShots> {
  const { benchmark, pool } = task;
  const number = wanted ?? benchmark.shots;
  if (number === 0) {
    if (benchmark.shots === 0) return none();
    return none(`Scored without shots, as chosen; lm-eval shows ${benchmark.shots}.`);
  }
  if (benchmark.id === "gsm8k") return gsm8kShots(pool, number);
  if (benchmark.id === "mbpp") return mbppShots(pool, number);
  if (benchmark.id === "minerva_math") return minervaShots(pool, number);
  return none(`${benchmark.label} is scored without shots.`);
}

function gsm8kShots(pool: readonly DataFile[], number: number): ChosenShots {
  const rows = pool.flatMap((file) => file.rows);
  if (rows.length < number)
    return none(
      `Scored without shots: lm-eval draws ${number} from GSM8K's training file. Choose train.jsonl of GSM8K together with this file for the same prompts.`,
    );
  const sampler = new FewShotSampler(rows, "default");
  const next = () => {
    const drawn = sampler.sample(number, null);
    return drawn.ok ? drawn.value : [];
  };
  const few =
    rows.length === GSM8K_TRAIN
      ? []
      : [
          `Its shots are drawn from ${rows.length} rows; lm-eval draws them from the ${GSM8K_TRAIN} of the whole training file, so the prompts differ.`,
        ];
  return { number, next, warnings: few };
}

/** Rows of GSM8K's training file. */
const GSM8K_TRAIN = 7473;

function mbppShots(pool: readonly DataFile[], number: number): ChosenShots {
  const rows = pool.flatMap((file) => file.rows);
  const found = MBPP_SHOTS.slice(0, number).map((id) => rows.find((row) => mbppTaskId(row) === id));
  if (found.some((row) => row === undefined))
    return none(
      `Scored without shots: lm-eval shows the problems ${MBPP_SHOTS.join(", ")}. Choose the whole mbpp.jsonl, or the Hub's prompt file too, for the same prompts.`,
    );
  return always(found as Row[]);
}

const FEW_SHOT_FILE =
  'Choose a JSON Lines file with "problem" and "solution" whose name holds "shots", or the training files of MATH, together with this file.';

async function minervaShots(pool: readonly DataFile[], number: number): Promise<ChosenShots> {
  const known = await knownMinervaShots(pool.flatMap((file) => file.rows));
  if (known !== null) return always(known.slice(0, number));
  const file = pool.find((f) => splitOf(f.name) === "shots") ?? pool[0];
  if (!file || file.rows.length < number)
    return none(
      `Scored without shots: lm-eval shows the ${number} of Minerva, whose texts are not part of the workbench. ${FEW_SHOT_FILE}`,
    );
  return always(
    file.rows.slice(0, number).map(withFinalAnswer),
    `The ${number} shots are the first rows of ${file.name}, not Minerva's, so the prompts differ from lm-eval's.`,
  );
}

/** Minerva's four in their order, known by their checksums; null where one is missing. */
async function knownMinervaShots(rows: readonly Row[]): Promise<readonly Row[] | null> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    for (const candidate of [row, withFinalAnswer(row)]) {
      const text = `${textField(candidate, "problem")}\0${textField(candidate, "solution")}`;
      const sum = await sha256(text);
      if (MINERVA_SHOTS.includes(sum)) found.set(sum, candidate);
    }
    if (found.size === MINERVA_SHOTS.length) return MINERVA_SHOTS.map((sum) => found.get(sum)!);
  }
  return null;
}

/** The sentence that Minerva's shots end in, where a solution has none. */
function withFinalAnswer(row: Row): Row {
  const solution = textField(row, "solution") ?? "";
  const boxed = lastBoxed(solution);
  const answer = boxed === null ? null : withoutBox(boxed);
  if (answer === null || solution.includes("Final Answer:")) return row;
  return {
    ...row,
    solution: `${solution}\nFinal Answer: The final answer is $${answer}$. I hope it is correct.`,
  };
}
