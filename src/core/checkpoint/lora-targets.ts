import type { LoraConfig } from "./lora-config";
import { type MatchBudget, matchBudget, namePattern, PatternError } from "./name-pattern";

const PLAIN = /^\^?[\w.-]+$/;

type Matcher = (name: string, budget: MatchBudget) => boolean;

/** How PEFT looks up a module's rank, alpha and whether it is adapted at all. PatternError for a pattern that is not read. */
export class LoraTargets {
  private readonly budget = matchBudget();
  private readonly compiled = new Map<string, Matcher>();

  constructor(private readonly config: LoraConfig) {}

  /** α/r, or α/√r where rank-stabilised, and the rank. */
  scaling(module: string): { readonly rank: number; readonly scale: number } {
    const { rank, alpha, ranks, alphas, rankStabilised } = this.config;
    const r = this.lookUp(ranks, module) ?? rank;
    const a = this.lookUp(alphas, module) ?? alpha;
    return { rank: r, scale: a / (rankStabilised ? Math.sqrt(r) : r) };
  }

  /** Whether PEFT adapts the module, by its name alone. */
  has(module: string): boolean {
    const { targets, excluded, saved } = this.config;
    if (
      typeof excluded === "string"
        ? this.whole(excluded, module)
        : excluded?.some((name) => endsWith(module, name))
    )
      return false;
    if (saved.some((name) => this.matches(`(?:.*\\.)?(?:${name})(?:\\..*)?`, module))) return false;
    if (targets === null) return true;
    if (typeof targets === "string")
      return targets.toLowerCase() === "all-linear" || this.whole(targets, module);
    if (targets.includes(module)) return true;
    return targets.some((name) => endsWith(module, name)) && this.inLayers(module);
  }

  /** Whether the names of adapted modules can be told: not for "all-linear" or PEFT's own choice. */
  get named(): boolean {
    const { targets } = this.config;
    return targets !== null && !(typeof targets === "string" && targets.toLowerCase() === "all-linear");
  }

  private inLayers(module: string): boolean {
    const { layers, layersPatterns } = this.config;
    if (layers === null) return true;
    const segments = module.split(".");
    for (const pattern of layersPatterns.length > 0 ? layersPatterns : [null]) {
      const index = segments.findIndex((segment, i) => {
        if (i < 1 || i > segments.length - 2 || !/^\d+$/.test(segment)) return false;
        return pattern === null ? i >= 2 : endsWith(segments.slice(0, i).join("."), pattern);
      });
      if (index > 0) return layers.includes(Number(segments[index]));
    }
    return false;
  }

  /** The first key that matches from the start of a name's part to the name's end. */
  private lookUp(patterns: LoraConfig["ranks"], module: string): number | null {
    for (const [key, value] of patterns) if (this.isKeyOf(key, module)) return value;
    return null;
  }

  private isKeyOf(key: string, module: string): boolean {
    if (!PLAIN.test(key)) return this.matches(`(?:.*\\.)?(?:${key})`, module);
    const whole = key.startsWith("^");
    const text = whole ? key.slice(1) : key;
    const start = module.length - text.length;
    if (start !== 0 && (whole || module[start - 1] !== ".")) return false;
    for (let i = 0; i < text.length; i++) if (text[i] !== "." && text[i] !== module[start + i]) return false;
    return true;
  }

  private whole(pattern: string, module: string): boolean {
    return this.matches(`(?:${pattern})`, module);
  }

  private matches(pattern: string, module: string): boolean {
    let matcher = this.compiled.get(pattern);
    if (!matcher) {
      matcher = compile(pattern);
      this.compiled.set(pattern, matcher);
    }
    return matcher(module, this.budget);
  }
}

function compile(pattern: string): Matcher {
  try {
    return namePattern(pattern);
  } catch (error) {
    if (error instanceof PatternError)
      throw new PatternError(`The pattern ${pattern.slice(0, 120)} ${error.message}.`);
    throw error;
  }
}

const endsWith = (module: string, name: string): boolean => module === name || module.endsWith(`.${name}`);
