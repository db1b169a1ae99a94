import type { DecoderModel } from "../decoder/decoder-model";
import { decoderOf } from "../decoder/families";
import { fail, ok, type Problem, type Result } from "../result";
import { configDifference, scalesPositions } from "./config-difference";
import { isReadable, READABLE } from "./dtype";
import type { ExpectedTensor } from "./expected-tensors";
import { paddedCheckpoint } from "./padded-checkpoint";
import { refuseQuantised } from "./quantised";
import type { Checkpoint } from "./sharded";
import { specialTokenDifference } from "./special-tokens";
import { quote, shorten } from "./strict-json";
import { isEmbedding, isHead, rolesWarnings, sameShape, type TensorRoles, tensorRoles } from "./tensor-roles";
import { readTokenizer, type TokenizerIdentity, tokenizerDifference } from "./tokenizer-identity";

/** A base in which nothing is wrong, and what components are compared with. */
export interface CheckedBase {
  readonly checkpoint: Checkpoint;
  readonly roles: TensorRoles;
  /** Null where the folder has no tokenizer.json. */
  readonly identity: TokenizerIdentity | null;
  readonly decoder: DecoderModel | null;
  readonly undecodable: Problem | null;
  readonly warnings: readonly string[];
}

/** A component that fits the base, seen in the base's shape. */
export interface CheckedComponent {
  readonly checkpoint: Checkpoint;
  readonly roles: TensorRoles;
  readonly warnings: readonly string[];
}

const FROM_BASE = "Use components that were trained from this base.";
const TOGETHER = "Check that config.json and the weights belong together.";

export function checkBase(checkpoint: Checkpoint): Result<CheckedBase> {
  const quantised = refuseQuantised(checkpoint);
  if (quantised) return quantised;
  const roles = tensorRoles(checkpoint);
  if (!roles.ok) return roles;
  if (roles.value.weights.length === 0)
    return fail("bad-set", "the weights hold no floating-point tensor.", {
      file: checkpoint.name,
      remedy: TOGETHER,
    });
  const parsed = decoderOf(
    checkpoint.config,
    checkpoint.configFile,
    (name) => checkpoint.info(name) !== null,
  );
  if (parsed.ok) {
    const wrong = checkExpected(checkpoint, roles.value, parsed.value.weights);
    if (wrong) return wrong;
  }
  const file = `${checkpoint.name}/tokenizer.json`;
  const identity = checkpoint.tokenizer === null ? ok(null) : readTokenizer(checkpoint.tokenizer, file);
  if (!identity.ok) return identity;
  const { vocab_size: rows } = checkpoint.config;
  if (identity.value && typeof rows === "number" && identity.value.largestId >= rows)
    return fail(
      "bad-set",
      `has the token id ${identity.value.largestId}, but the model's vocab_size is ${rows}.`,
      { file, remedy: "Use the tokenizer that the model was trained with." },
    );
  return ok({
    checkpoint,
    roles: roles.value,
    identity: identity.value,
    decoder: parsed.ok ? parsed.value : null,
    undecodable: parsed.ok ? null : parsed.problem,
    warnings: rolesWarnings(checkpoint, roles.value),
  });
}

/** Whether a base holds exactly the weights that its architecture has; null where it does. */
function checkExpected(
  checkpoint: Checkpoint,
  { weights }: TensorRoles,
  expected: readonly ExpectedTensor[],
): Result<never> | null {
  for (const { name, shape } of expected) {
    const info = checkpoint.info(name);
    if (!info)
      return fail("bad-set", "the weights lack this tensor, which config.json calls for.", {
        file: checkpoint.name,
        tensor: name,
        remedy: TOGETHER,
      });
    const where = { file: info.file, tensor: name };
    if (!sameShape(info.shape, shape))
      return fail(
        "bad-set",
        `its shape is ${shapeText(info.shape)}, but config.json calls for ${shapeText(shape)}.`,
        { ...where, remedy: TOGETHER },
      );
    if (!isReadable(info.dtype)) return unreadable(info.dtype, where);
  }
  const names = new Set(expected.map((t) => t.name));
  const extra = weights.find(({ name }) => !names.has(name));
  if (!extra) return null;
  return fail("bad-set", "this tensor has no place in the model that config.json describes.", {
    file: checkpoint.info(extra.name)!.file,
    tensor: shorten(extra.name),
    remedy: TOGETHER,
  });
}

const shapeText = (shape: readonly number[]) => `[${shorten(shape.join(", "))}]`;

const unreadable = (dtype: string, where: { file: string; tensor: string }): Result<never> =>
  fail("bad-set", `its dtype ${dtype} cannot be merged.`, {
    ...where,
    remedy: `Save the checkpoint in one of ${READABLE.join(", ")}.`,
  });

/** Whether a component (`who` names it in messages) can be merged with the base. Reads no weights. */
export function checkComponent(
  who: string,
  checkpoint: Checkpoint,
  base: CheckedBase,
): Result<CheckedComponent> {
  const quantised = refuseQuantised(checkpoint);
  if (quantised) return quantised;
  const cannot = (what: string, file: string) =>
    fail("bad-set", `${who} cannot be merged: ${what}.`, { file, remedy: FROM_BASE });
  const difference = configDifference(base.checkpoint.config, checkpoint.config);
  if (difference) {
    const { field, own, base: theirs } = difference;
    return cannot(`${quote(field)} is ${own}, the base's ${theirs}`, checkpoint.configFile);
  }
  const warnings: string[] = [];
  const positions = checkPositions(checkpoint, base.checkpoint);
  if (positions && scalesPositions(checkpoint.config)) return cannot(positions, checkpoint.configFile);
  if (positions) warnings.push(`${checkpoint.configFile}: ${positions}; the base's counts.`);
  const tokenizer = checkTokenizer(checkpoint, base);
  if (tokenizer.problem) return cannot(tokenizer.problem, tokenizer.file);
  if (tokenizer.unread) return { ok: false, problem: tokenizer.unread };
  if (tokenizer.warning) warnings.push(tokenizer.warning);
  const roles = tensorRoles(checkpoint, hasName(base.roles));
  if (!roles.ok) return roles;
  const padded = checkTensors(who, checkpoint, roles.value, base);
  if (!padded.ok) return padded;
  warnings.push(...rolesWarnings(checkpoint, roles.value));
  if (padded.value.size === 0) return ok({ checkpoint, roles: roles.value, warnings });
  warnings.push(paddingWarning(checkpoint, padded.value, base));
  const inShape = paddedCheckpoint(checkpoint, base.checkpoint, padded.value);
  return ok({ checkpoint: inShape, roles: roles.value, warnings });
}

const hasName = ({ weights }: TensorRoles) => {
  const names = new Set(weights.map((t) => t.name));
  return (name: string) => names.has(name);
};

/** Says how the position limits differ; null where they do not. */
function checkPositions({ config }: Checkpoint, base: Checkpoint): string | null {
  const { max_position_embeddings: own } = config;
  const { max_position_embeddings: theirs } = base.config;
  if (own === theirs || own === undefined || theirs === undefined) return null;
  return `max_position_embeddings is ${shorten(JSON.stringify(own))}, the base's ${shorten(JSON.stringify(theirs))}`;
}

interface TokenizerCheck {
  readonly file: string;
  /** Why it cannot be merged, as part of a sentence. */
  readonly problem?: string;
  readonly unread?: Problem;
  readonly warning?: string;
}

function checkTokenizer({ name, tokenizer, tokenizerConfig }: Checkpoint, base: CheckedBase): TokenizerCheck {
  const file = `${name}/tokenizer.json`;
  const { identity, checkpoint: theirs } = base;
  if (tokenizer === null && theirs.tokenizer === null) {
    const configFile = `${name}/tokenizer_config.json`;
    const other =
      tokenizerConfig &&
      theirs.tokenizerConfig &&
      specialTokenDifference(theirs.tokenizerConfig, tokenizerConfig);
    if (other) return { file: configFile, problem: `its tokenizer ${other}` };
    return {
      file,
      warning: `Neither ${name} nor the base has a tokenizer.json: their vocabularies were not compared.`,
    };
  }
  if (tokenizer === null)
    return { file, warning: `${name} has no tokenizer.json; it is taken to have the base's.` };
  if (identity === null)
    return { file, warning: `The base has no tokenizer.json: the vocabulary of ${name} was not compared.` };
  if (tokenizer === theirs.tokenizer) return { file };
  const own = readTokenizer(tokenizer, file);
  if (!own.ok) return { file, unread: own.problem };
  const other = tokenizerDifference(identity, own.value);
  return other ? { file, problem: `its tokenizer ${other}` } : { file };
}

/** Names of the tensors whose rows of padding have to be cut or completed. */
function checkTensors(
  who: string,
  checkpoint: Checkpoint,
  roles: TensorRoles,
  base: CheckedBase,
): Result<ReadonlySet<string>> {
  const padded = new Set<string>();
  for (const { name, shape } of base.roles.weights) {
    const info = checkpoint.info(name);
    if (!info)
      return fail("bad-set", "the weights lack this tensor, which the base has.", {
        file: checkpoint.name,
        tensor: shorten(name),
        remedy: FROM_BASE,
      });
    const where = { file: info.file, tensor: shorten(name) };
    if (!isReadable(info.dtype)) return unreadable(info.dtype, where);
    if (sameShape(info.shape, shape)) continue;
    const shapes = `its shape is ${shapeText(info.shape)}, the base's ${shapeText(shape)}`;
    if (!isVocabulary(name, info.shape, shape, checkpoint, base.checkpoint))
      return fail("bad-set", `${shapes}.`, { ...where, remedy: FROM_BASE });
    const largest = base.identity?.largestId;
    if (largest === undefined)
      return fail(
        "bad-set",
        `${shapes}, and without a tokenizer.json it is not known which rows are padding.`,
        {
          ...where,
          remedy: "Copy the model's tokenizer.json into the base's folder.",
        },
      );
    const rows = Math.min(info.shape[0]!, shape[0]!);
    if (largest >= rows)
      return fail(
        "bad-set",
        `${shapes}, but the tokenizer has ids up to ${largest}: ${who} differs in rows of tokens.`,
        {
          ...where,
          remedy: FROM_BASE,
        },
      );
    padded.add(name);
  }
  const { vocab_size: own } = checkpoint.config;
  const { vocab_size: theirs } = base.checkpoint.config;
  if (padded.size === 0 && own !== theirs && typeof own === "number" && typeof theirs === "number")
    return fail("bad-set", `${who} cannot be merged: "vocab_size" is ${own}, the base's ${theirs}.`, {
      file: checkpoint.configFile,
      remedy: FROM_BASE,
    });
  const known = new Set([...base.roles.weights, ...base.roles.buffers].map((t) => t.name));
  const extra = [...roles.weights, ...roles.buffers].find(({ name }) => !known.has(name));
  if (!extra) return ok(padded);
  return fail("bad-set", "this tensor has no place in the base's model.", {
    file: checkpoint.info(extra.name)!.file,
    tensor: shorten(extra.name),
    remedy: FROM_BASE,
  });
}

/** Whether only the number of a tensor's rows differs, and they are the vocabulary. */
function isVocabulary(
  name: string,
  own: readonly number[],
  theirs: readonly number[],
  checkpoint: Checkpoint,
  base: Checkpoint,
): boolean {
  if (!sameShape(own.slice(1), theirs.slice(1)) || own.length === 0) return false;
  const [a, b] = [checkpoint.config.vocab_size, base.config.vocab_size];
  if (typeof a === "number" && typeof b === "number" && (own[0] !== a || theirs[0] !== b)) return false;
  return isEmbedding(name) || isHead(name) || isHead(name.replace(/\.bias$/, ".weight"));
}

function paddingWarning(checkpoint: Checkpoint, padded: ReadonlySet<string>, base: CheckedBase): string {
  const [name] = padded;
  const own = checkpoint.info(name!)!.shape[0]!;
  const theirs = base.checkpoint.info(name!)!.shape[0]!;
  const done = own > theirs ? "its rows beyond are cut" : "its missing rows are the base's";
  return `${checkpoint.name} has ${own} rows of vocabulary, the base ${theirs}; the tokenizer has ids up to ${base.identity!.largestId}, so they differ in padding only: ${done}.`;
}
