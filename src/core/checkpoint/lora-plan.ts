import { fail, ok, type Result } from "../result";
import { isReadable, READABLE } from "./dtype";
import type { LoraAdapter } from "./lora-adapter";
import { LoraTargets } from "./lora-targets";
import { PatternError } from "./name-pattern";
import type { Checkpoint } from "./sharded";
import { quote, shorten } from "./strict-json";
import { isEmbedding, isHead, sameShape } from "./tensor-roles";

/** Names in the adapter's file of A [rank, in] and B [out, rank]. */
export interface LoraFactors {
  readonly a: string;
  readonly b: string;
  readonly rank: number;
  /** Whether the base stores the weight as [in, out], so that B·A is transposed: Conv1D, embeddings. */
  readonly transposed: boolean;
  /** PEFT rounds an embedding's update to the base's dtype before it adds it. */
  readonly embedding: boolean;
}

/** How one tensor of the base is changed. */
export interface LoraChange {
  /** Tensor of the adapter that stands in the base's place before anything is added; null for the base's own. */
  readonly instead: string | null;
  readonly factors: LoraFactors | null;
  /** Tensor of the adapter that is added to a bias; null for none. */
  readonly added: string | null;
  /** α/r or α/√r. */
  readonly scale: number;
}

export interface LoraPlan {
  /** By the base's tensor names. */
  readonly changes: ReadonlyMap<string, LoraChange>;
  readonly warnings: readonly string[];
}

const PREFIX = "base_model.model.";
const LONGEST_NAME = 500;
const REMEDY = "Use an adapter that PEFT saved and that was trained on this base.";

/** Families whose linear layers are Conv1D, which stores weights as [in, out]. */
const CONV1D: ReadonlySet<unknown> = new Set([
  "gpt2",
  "openai-gpt",
  "imagegpt",
  "decision_transformer",
  "clvp",
]);

type Parts = Map<string, string>;
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/\.lora_A\.weight$/, "A"],
  [/\.lora_B\.weight$/, "B"],
  [/\.lora_B\.bias$/, "bias"],
  [/\.lora_embedding_A$/, "embedding A"],
  [/\.lora_embedding_B$/, "embedding B"],
  [/\.base_layer\.weight$/, "base weight"],
  [/\.base_layer\.bias$/, "base bias"],
];

/** Finds for every tensor of an adapter its place in the base; one that has none is refused by name. */
export function planAdapter(
  adapter: LoraAdapter,
  base: Checkpoint,
  weights: ReadonlySet<string>,
): Result<LoraPlan> {
  try {
    return new Planner(adapter, base, weights).plan();
  } catch (error) {
    if (error instanceof PatternError)
      return fail("bad-file", error.message, {
        file: adapter.configFile,
        remedy: "Name the modules in full.",
      });
    throw error;
  }
}

class Planner {
  private readonly targets: LoraTargets;
  private readonly changes = new Map<string, LoraChange>();
  private readonly warnings: string[] = [];

  constructor(
    private readonly adapter: LoraAdapter,
    private readonly base: Checkpoint,
    private readonly weights: ReadonlySet<string>,
  ) {
    this.targets = new LoraTargets(adapter.config);
  }

  plan(): Result<LoraPlan> {
    const modules = new Map<string, Parts>();
    const whole: [string, string][] = [];
    for (const [tensor, { dtype }] of this.adapter.weights.tensors) {
      if (tensor.length > LONGEST_NAME) return this.refuse(tensor, "its name is too long.");
      if (!isReadable(dtype))
        return this.refuse(
          tensor,
          `its dtype ${dtype} is not read.`,
          `Save the adapter in one of ${READABLE.join(", ")}.`,
        );
      if (!tensor.startsWith(PREFIX))
        return this.refuse(tensor, `its name does not begin with ${quote(PREFIX)}.`);
      const name = tensor.slice(PREFIX.length);
      const [pattern, part] = PARTS.find(([end]) => end.test(name)) ?? [];
      if (!pattern || !part) whole.push([name, tensor]);
      else {
        const module = name.replace(pattern, "");
        const parts: Parts = modules.get(module) ?? new Map();
        modules.set(module, parts.set(part, tensor));
      }
    }
    for (const [module, parts] of modules) {
      const wrong = this.module(module, parts);
      if (wrong) return wrong;
    }
    for (const [name, tensor] of whole) {
      const wrong = /\.lora_|\.modules_to_save\./.test(name)
        ? this.refuse(tensor, "this tensor is no part of a LoRA that is computed here.")
        : this.replace(name, tensor);
      if (wrong) return wrong;
    }
    if (this.changes.size === 0)
      return fail("bad-file", "the adapter holds no tensors.", {
        file: this.adapter.weights.source.name,
        remedy: REMEDY,
      });
    this.warnOfMissing(modules);
    return ok({ changes: this.changes, warnings: this.warnings });
  }

  private refuse(tensor: string, message: string, remedy = REMEDY): Result<never> {
    return fail("bad-file", message, {
      file: this.adapter.weights.source.name,
      tensor: shorten(tensor),
      remedy,
    });
  }

  /** One adapted module; null where all is well. */
  private module(module: string, parts: Parts): Result<never> | null {
    const embedding = parts.has("embedding A") || parts.has("embedding B");
    const [a, b] = embedding
      ? [parts.get("embedding A"), parts.get("embedding B")]
      : [parts.get("A"), parts.get("B")];
    const any = [...parts.values()][0]!;
    if (embedding && (parts.has("A") || parts.has("B")))
      return this.refuse(any, "the module has tensors of a linear layer and of an embedding.");
    if (!a || !b)
      return this.refuse(
        a ?? b ?? any,
        `the module lacks its lora_${embedding ? "embedding_" : ""}${a ? "B" : "A"}.`,
      );
    if (!this.targets.has(module))
      return this.refuse(a, "adapter_config.json does not name this module, so PEFT would not load it.");
    const name = this.place(`${module}.weight`);
    if (name === null) return this.noPlace(module, a);
    if (this.changes.has(name)) return this.refuse(a, "the adapter changes this tensor twice.");
    const { rank, scale } = this.targets.scaling(module);
    const factors = this.factors(name, a, b, rank, embedding);
    if (!factors.ok) return factors;
    this.changes.set(name, {
      instead: parts.get("base weight") ?? null,
      factors: factors.value,
      added: null,
      scale,
    });
    return this.sameShape(name, parts.get("base weight")) ?? this.bias(module, parts, scale);
  }

  /** The bias of an adapted module, which `bias: "all"` replaces and `lora_bias` adds to. */
  private bias(module: string, parts: Parts, scale: number): Result<never> | null {
    const [instead, added] = [parts.get("base bias") ?? null, parts.get("bias") ?? null];
    const tensor = instead ?? added;
    if (tensor === null) return null;
    const name = this.place(`${module}.bias`);
    if (name === null) return this.refuse(tensor, "the base's module has no bias.");
    if (this.changes.has(name)) return this.refuse(tensor, "the adapter changes this tensor twice.");
    this.changes.set(name, { instead, factors: null, added, scale });
    return this.sameShape(name, instead) ?? this.sameShape(name, added);
  }

  /** A tensor that replaces the base's: modules_to_save, biases, resized embeddings. */
  private replace(name: string, tensor: string): Result<never> | null {
    const place = this.place(name);
    if (place === null) return this.noPlace(name.replace(/\.weight$/, ""), tensor);
    if (this.changes.has(place)) return this.refuse(tensor, "the adapter changes this tensor twice.");
    this.changes.set(place, { instead: tensor, factors: null, added: null, scale: 0 });
    return this.sameShape(place, tensor);
  }

  private noPlace(module: string, tensor: string): Result<never> {
    if (isHead(`${module}.weight`))
      return this.refuse(
        tensor,
        "the base has no output head of its own: it is tied to the embedding, and the two cannot be changed apart.",
        "Train the adapter without the head, or on a base with tie_word_embeddings false.",
      );
    return this.refuse(tensor, `the base has no tensor ${quote(`${module}.weight`)}.`);
  }

  /** The base's name of a module's tensor: checkpoints may have or lack the outermost prefix. */
  private place(name: string): string | null {
    const dot = name.indexOf(".");
    const names = [name, name.slice(dot + 1), `model.${name}`, `transformer.${name}`];
    return names.find((n) => this.weights.has(n)) ?? null;
  }

  private factors(name: string, a: string, b: string, rank: number, embedding: boolean): Result<LoraFactors> {
    const { tensors } = this.adapter.weights;
    const [shapeA, shapeB] = [tensors.get(a)!.shape, tensors.get(b)!.shape];
    if (shapeA.length !== 2 || shapeB.length !== 2)
      return this.refuse(a, "adapters of convolutions and of stacked experts are not computed here.");
    if (shapeA[0] !== rank || shapeB[1] !== rank)
      return this.refuse(
        a,
        `its rank is ${shapeA[0]}, that of its partner ${shapeB[1]}, but adapter_config.json gives ${rank}.`,
      );
    const { shape } = this.base.info(name)!;
    const [straight, across] = [
      [shapeB[0]!, shapeA[1]!],
      [shapeA[1]!, shapeB[0]!],
    ];
    const { model_type: type } = this.base.config;
    const conv = embedding || (CONV1D.has(type) && !isHead(name) && !isEmbedding(name));
    const transposed = conv ? true : !sameShape(shape, straight) && this.adapter.config.fanInFanOut;
    if (sameShape(shape, transposed ? across : straight)) return ok({ a, b, rank, transposed, embedding });
    return this.refuse(
      a,
      `with its partner it makes an update of [${(transposed ? across : straight).join(", ")}], but the base's ${quote(name)} is [${shorten(shape.join(", "))}].`,
    );
  }

  private sameShape(name: string, tensor: string | null | undefined): Result<never> | null {
    if (!tensor) return null;
    const [own, theirs] = [this.adapter.weights.tensors.get(tensor)!.shape, this.base.info(name)!.shape];
    if (sameShape(own, theirs)) return null;
    return this.refuse(
      tensor,
      `its shape is [${shorten(own.join(", "))}], the base's [${shorten(theirs.join(", "))}].`,
      "An adapter that resizes the vocabulary cannot be a component: merge it, and resize the base.",
    );
  }

  /** PEFT leaves such modules as they are. */
  private warnOfMissing(modules: ReadonlyMap<string, Parts>): void {
    if (!this.targets.named) return;
    const adapted = new Set([...modules.keys()].map((module) => this.place(`${module}.weight`)));
    const missing = [...this.weights].filter((name) => {
      if (!name.endsWith(".weight") || adapted.has(name) || this.base.info(name)!.shape.length !== 2)
        return false;
      return name.length <= LONGEST_NAME && this.targets.has(name.slice(0, -".weight".length));
    });
    if (missing.length > 0)
      this.warnings.push(
        `${this.adapter.name} has no tensors for ${missing.length} modules that its target_modules name, ${quote(missing[0]!)} first: they stay the base's.`,
      );
  }
}
