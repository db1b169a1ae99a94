/** Work that matching may still do, in steps of one state at one character. */
export interface MatchBudget {
  left: number;
}

/** What a pattern is matched against costs at most this, over a whole adapter. */
export const matchBudget = (): MatchBudget => ({ left: 20_000_000 });

export class PatternError extends Error {}

/** A state of the automaton: a test of one character, a test of the place, or a fork. */
type State =
  | { readonly kind: "char"; readonly test: (c: string) => boolean; next: number }
  | { readonly kind: "start" | "end"; next: number }
  | { readonly kind: "fork"; readonly to: number[] }
  | { readonly kind: "done" };

const MOST_STATES = 5_000;
const MOST_CHARACTERS = 2_000;

/**
 * A regular expression in Python's syntax that matches whole names, as PEFT's rank_pattern, alpha_pattern and target_modules
 * use it: characters, `.`, classes, `\d \w \s`, groups, `|`, `* + ? {m,n}`, `^`, `$`. Matching takes time in proportion to the
 * name, whatever the pattern. PatternError for other syntax (references, lookaround, flags) and for absurd sizes.
 */
export function namePattern(source: string): (name: string, budget: MatchBudget) => boolean {
  if (source.length > MOST_CHARACTERS) throw new PatternError(`is longer than ${MOST_CHARACTERS} characters`);
  const states: State[] = [];
  const start = new PatternParser(source, states).whole();
  return (name, budget) => run(states, start, name, budget);
}

function run(states: readonly State[], start: number, name: string, budget: MatchBudget): boolean {
  let current = new Set<number>();
  const enter = (set: Set<number>, at: number, first: number) => {
    const open = [first];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (set.has(id)) continue;
      set.add(id);
      if (--budget.left < 0) throw new PatternError("takes too long to match");
      const state = states[id]!;
      if (state.kind === "fork") open.push(...state.to);
      else if (state.kind === "start" && at === 0) open.push(state.next);
      else if (state.kind === "end" && at === name.length) open.push(state.next);
    }
  };
  enter(current, 0, start);
  for (let at = 0; at < name.length; at++) {
    const next = new Set<number>();
    for (const id of current) {
      const state = states[id]!;
      if (state.kind === "char" && state.test(name[at]!)) enter(next, at + 1, state.next);
    }
    current = next;
  }
  return [...current].some((id) => states[id]!.kind === "done");
}

type Test = (c: string) => boolean;

const DIGIT: Test = (c) => c >= "0" && c <= "9";
const WORD: Test = (c) => /^[\p{L}\p{N}_]$/u.test(c);
const SPACE: Test = (c) => /^\s$/.test(c);
const CLASSES: Readonly<Record<string, Test>> = {
  d: DIGIT,
  D: (c) => !DIGIT(c),
  w: WORD,
  W: (c) => !WORD(c),
  s: SPACE,
  S: (c) => !SPACE(c),
};

/** A part of the automaton under construction: where it begins, and what to do with the state behind it. */
type Build = (next: number) => number;

class PatternParser {
  private at = 0;
  private depth = 0;
  /** Repetitions built: those of nothing add no state. */
  private built = 0;

  constructor(
    private readonly source: string,
    private readonly states: State[],
  ) {}

  whole(): number {
    const build = this.alternatives();
    if (this.at < this.source.length) this.refuse(`has "${this.source[this.at]}" at character ${this.at}`);
    return build(this.add({ kind: "done" }));
  }

  private add(state: State): number {
    if (this.states.length >= MOST_STATES) throw new PatternError("is too large");
    return this.states.push(state) - 1;
  }

  private refuse(message: string): never {
    throw new PatternError(`${message}, which is not read here`);
  }

  private alternatives(): Build {
    const branches = [this.sequence()];
    while (this.source[this.at] === "|") {
      this.at++;
      branches.push(this.sequence());
    }
    if (branches.length === 1) return branches[0]!;
    return (next) => this.add({ kind: "fork", to: branches.map((branch) => branch(next)) });
  }

  private sequence(): Build {
    const parts: Build[] = [];
    for (let c = this.source[this.at]; c !== undefined && c !== "|" && c !== ")"; c = this.source[this.at])
      parts.push(this.repeated());
    return (next) => parts.reduceRight((behind, part) => part(behind), next);
  }

  private repeated(): Build {
    const part = this.atom();
    const range = this.quantifier();
    if (!range) return part;
    if (this.quantifier()) this.refuse(`repeats a repetition at character ${this.at}`);
    const [least, most] = range;
    return (next) => {
      if (++this.built > MOST_STATES) throw new PatternError("is too large");
      let behind = next;
      if (most === Number.POSITIVE_INFINITY) {
        const fork: State & { kind: "fork" } = { kind: "fork", to: [next] };
        const loop = this.add(fork);
        fork.to.push(part(loop));
        behind = loop;
      } else for (let n = least; n < most; n++) behind = this.add({ kind: "fork", to: [next, part(behind)] });
      for (let n = 0; n < least; n++) behind = part(behind);
      return behind;
    };
  }

  /** Lazy repetition matches the same names. */
  private quantifier(): [number, number] | null {
    const found = /^(?:([*+?])|\{(\d*)(,?)(\d*)\})/.exec(this.source.slice(this.at, this.at + 20));
    if (!found || found[0] === "{}" || found[0] === "{,}") return null;
    this.at += found[0].length;
    if (this.source[this.at] === "?") this.at++;
    const [, sign, low, comma, high] = found;
    if (sign) return [sign === "+" ? 1 : 0, sign === "?" ? 1 : Number.POSITIVE_INFINITY];
    const least = Number(low || 0);
    const most = comma ? (high ? Number(high) : Number.POSITIVE_INFINITY) : least;
    if (least > 1000 || (most > 1000 && most !== Number.POSITIVE_INFINITY) || most < least)
      throw new PatternError(`repeats ${found[0]}`);
    return [least, most];
  }

  private atom(): Build {
    const c = this.source[this.at++]!;
    if (c === "(") return this.group();
    if (c === "[") return this.tested(this.charClass());
    if (c === ".") return this.tested((d) => d !== "\n");
    if (c === "^" || c === "$") return (next) => this.add({ kind: c === "^" ? "start" : "end", next });
    if (c === "\\") return this.tested(this.escape());
    if ("*+?{".includes(c)) this.refuse(`has "${c}" at character ${this.at - 1}`);
    return this.tested((d) => d === c);
  }

  private tested(test: Test): Build {
    return (next) => this.add({ kind: "char", test, next });
  }

  private group(): Build {
    if (this.source[this.at] === "?") {
      const plain = /^\?(?::|P<\w+>)/.exec(this.source.slice(this.at, this.at + 80));
      if (!plain)
        this.refuse(`has "(${this.source.slice(this.at, this.at + 2)}" at character ${this.at - 1}`);
      this.at += plain[0].length;
    }
    if (++this.depth > 50) throw new PatternError("nests too deep");
    const inner = this.alternatives();
    this.depth--;
    if (this.source[this.at++] !== ")") throw new PatternError("lacks a closing parenthesis");
    return inner;
  }

  private escape(): Test {
    const c = this.source[this.at++];
    if (c === undefined) throw new PatternError("ends in a backslash");
    if (Object.hasOwn(CLASSES, c)) return CLASSES[c]!;
    if (/[A-Za-z0-9]/.test(c)) this.refuse(`has "\\${c}" at character ${this.at - 2}`);
    return (d) => d === c;
  }

  private charClass(): Test {
    const negated = this.source[this.at] === "^";
    if (negated) this.at++;
    const tests: Test[] = [];
    for (let first = true; ; first = false) {
      const c = this.source[this.at++];
      if (c === undefined) throw new PatternError("lacks a closing bracket");
      if (c === "]" && !first) break;
      if (c === "\\") {
        tests.push(this.escape());
        continue;
      }
      const to = this.source[this.at + 1];
      if (this.source[this.at] === "-" && to !== undefined && to !== "]") {
        if (to === "\\" || to < c) throw new PatternError(`has the range "${c}-${to}"`);
        tests.push((d) => d >= c && d <= to);
        this.at += 2;
      } else tests.push((d) => d === c);
    }
    return (d) => tests.some((test) => test(d)) !== negated;
  }
}
