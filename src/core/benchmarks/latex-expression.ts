import { add, type Complex, divide, modulus, multiply, NONE, power, real, subtract } from "./complex";
import { applyFunction, binomial, factorial, isFunction, unknownFunction } from "./latex-functions";
import { type LatexToken, latexTokens } from "./latex-tokens";

/** An expression's value for values of its symbols. */
export type Expression = (symbol: (name: string) => Complex) => Complex;

const MAX_DEPTH = 60;
const MAX_TOKENS = 2000;
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "\\{": "\\}" };
const FRACTIONS = new Set(["frac", "dfrac", "tfrac"]);
const BINOMIALS = new Set(["binom", "dbinom", "tbinom"]);
/** Commands of sympy's grammar that take more than is read here, or that stand for nothing alone. */
const UNREAD = new Set(
  "int sum prod lim langle rangle mathit rfloor rceil to rightarrow Rightarrow".split(" "),
);

class NotRead extends Error {}
/** Bars can be read in many ways; the search for one ends here. */
const MAX_STEPS = 20_000;
class TooLong extends Error {}

/**
 * A LaTeX expression by the rules of sympy's `parse_latex` (its ANTLR grammar): letters are symbols, neighbours are
 * multiplied, what follows a complete expression is passed over. Null for what is none, and for relations.
 */
export function latexExpression(text: string): Expression | null {
  const tokens = latexTokens(text);
  if (tokens === null || tokens.length > MAX_TOKENS) return null;
  const parser = new Parser([...tokens]);
  try {
    const value = parser.additive();
    return parser.atRelation() ? null : value;
  } catch (error) {
    if (error instanceof NotRead || error instanceof TooLong) return null;
    throw error;
  }
}

class Parser {
  private at = 0;
  private steps = 0;
  private depth = 0;

  constructor(private readonly tokens: LatexToken[]) {}

  atRelation(): boolean {
    return this.tokens[this.at]?.kind === "relation";
  }

  additive(): Expression {
    if (++this.depth > MAX_DEPTH) throw new NotRead();
    let left = this.product(true);
    for (;;) {
      const combine = this.isSign("+") ? add : this.isSign("-") ? subtract : null;
      const right = combine && this.attempt(() => this.behind(() => this.product(true)));
      if (!right) break;
      left = both(left, right, combine!);
    }
    this.depth--;
    return left;
  }

  private product(functions: boolean): Expression {
    let left = this.unary(functions);
    for (;;) {
      const combine = this.productSign();
      const right = combine && this.attempt(() => this.behind(() => this.unary(functions)));
      if (!right) return left;
      left = both(left, right, combine!);
    }
  }

  private productSign(): typeof multiply | null {
    const token = this.tokens[this.at];
    if (this.isSign("*") || (token?.kind === "command" && ["times", "cdot"].includes(token.text)))
      return multiply;
    const over = this.isSign("/") || this.isSign(":") || (token?.kind === "command" && token.text === "div");
    return over ? divide : null;
  }

  /** What stands behind the present token. */
  private behind(read: () => Expression): Expression {
    this.at++;
    return read();
  }

  /** What cannot be read to its end ends the expression before it: null, and nothing is read. */
  private attempt(read: () => Expression | null): Expression | null {
    const { at, depth } = this;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof NotRead)) throw error;
      this.at = at;
      this.depth = depth;
      return null;
    }
  }

  private unary(functions: boolean): Expression {
    if (this.take("+")) return this.unary(functions);
    if (this.take("-")) {
      const value = this.unary(functions);
      return (symbol) => multiply(real(-1), value(symbol));
    }
    let value = this.postfix();
    if (value === null) throw new NotRead();
    for (;;) {
      if (!functions && this.atFunction()) return value;
      const next = this.tryPostfix();
      if (next === null) return value;
      value = both(value, next, multiply);
    }
  }

  private tryPostfix(): Expression | null {
    const token = this.tokens[this.at];
    const unfinished = token?.kind === "command" && (token.text === "sqrt" || FRACTIONS.has(token.text));
    return unfinished ? this.attempt(() => this.postfix()) : this.postfix();
  }

  private postfix(): Expression | null {
    let base = this.component();
    if (base === null) return null;
    while (this.take("^")) {
      base = both(base, this.argument(), power);
      this.subscript();
    }
    while (this.take("!")) {
      const inner: Expression = base;
      base = (symbol) => factorial(inner(symbol));
    }
    return base;
  }

  private component(): Expression | null {
    if (++this.steps > MAX_STEPS) throw new TooLong();
    const token = this.tokens[this.at];
    if (token === undefined || token.kind === "relation") return null;
    switch (token.kind) {
      case "digits":
        return this.number();
      case "letter":
        this.at++;
        return this.symbol(token.text);
      case "command":
        return this.command(token.text);
      case "sign":
        if (Object.hasOwn(CLOSING, token.text)) {
          this.at++;
          return this.upTo(CLOSING[token.text]!);
        }
        if (token.text !== "|") return null;
        return this.absolute();
    }
  }

  /** A bar opens only where an expression and a second bar follow. */
  private absolute(): Expression | null {
    const inner = this.attempt(() => this.behind(() => this.upTo("|")));
    return inner && ((symbol) => real(modulus(inner(symbol))));
  }

  private number(): Expression {
    let text = "";
    const digits = () => {
      for (let t = this.tokens[this.at]; t?.kind === "digits"; t = this.tokens[++this.at]) text += t.text;
    };
    digits();
    for (;;) {
      const next = this.tokens[this.at + 1];
      if (!this.isSign(",") || next?.kind !== "digits" || next.text.length < 3) break;
      if (next.text.length > 3) break;
      this.at++;
      digits();
    }
    if (this.isSign(".") && this.tokens[this.at + 1]?.kind === "digits") {
      this.at++;
      text += ".";
      digits();
    }
    // sympy reads no whole number that begins with 0.
    if (/^0\d+$/.test(text)) throw new NotRead();
    const value = real(Number(text));
    return () => value;
  }

  private symbol(name: string): Expression {
    let full = name + this.subscript();
    while (this.take("'")) full += "'";
    if (!full.includes("_")) full += this.subscript();
    if (!this.isSign("(")) return (symbol) => symbol(full);
    this.at++;
    const values = [this.additive()];
    while (this.take(",")) values.push(this.additive());
    this.expect(")");
    return (symbol) =>
      unknownFunction(
        full,
        values.map((value) => value(symbol)),
      );
  }

  private command(name: string): Expression | null {
    if (UNREAD.has(name)) throw new NotRead();
    if (["times", "cdot", "div"].includes(name)) return null;
    this.at++;
    if (FRACTIONS.has(name)) return both(this.fractionPart(), this.fractionPart(), divide);
    if (BINOMIALS.has(name)) return both(this.braced(), this.braced(), binomial);
    if (name === "sqrt") {
      const index = this.take("[") ? this.upTo("]") : () => real(2);
      return both(this.braced(), (symbol) => divide(real(1), index(symbol)), power);
    }
    if (name === "overline") return this.conjugate();
    if (name === "lfloor") return this.rounded("rfloor", Math.floor);
    if (name === "lceil") return this.rounded("rceil", Math.ceil);
    return isFunction(name) ? this.functionOf(name) : this.symbol(`\\${name}`);
  }

  private conjugate(): Expression {
    const inner = this.braced();
    return (symbol) => {
      const [re, im] = inner(symbol);
      return [re, -im];
    };
  }

  private rounded(end: string, round: (x: number) => number): Expression {
    const inner = this.additive();
    if (!this.takeCommand(end)) throw new NotRead();
    return (symbol) => {
      const [re, im] = inner(symbol);
      return im === 0 ? real(round(re)) : NONE;
    };
  }

  private functionOf(name: string): Expression {
    let base: Expression | null = null;
    let exponent: Expression | null = null;
    for (let i = 0; i < 2; i++) {
      if (base === null && this.take("_")) {
        base = this.splitBase() ?? this.argument();
      } else if (exponent === null && this.take("^")) exponent = this.argument();
    }
    const inner = this.take("(") ? this.upTo(")") : this.product(false);
    return (symbol) => {
      const argument = inner(symbol);
      const raised = exponent?.(symbol);
      if (raised?.[0] === -1 && /^(?:sin|cos|tan|csc|sec|cot)$/.test(name))
        return applyFunction(`arc${name}`, argument, null);
      const value = applyFunction(name, argument, base?.(symbol) ?? null);
      return raised ? power(value, raised) : value;
    };
  }

  /** In "\\log_28" with nothing behind it the last digit is the argument; null elsewhere. */
  private splitBase(): Expression | null {
    const token = this.tokens[this.at];
    if (token?.kind !== "digits" || token.text.length < 2 || this.at + 1 < this.tokens.length) return null;
    const value = real(Number(token.text.slice(0, -1)));
    this.tokens[this.at] = { kind: "digits", text: token.text.slice(-1) };
    return () => value;
  }

  private fractionPart(): Expression {
    const token = this.tokens[this.at];
    if (token?.kind !== "digits" || token.text.length !== 1) return this.braced();
    this.at++;
    return () => real(Number(token.text));
  }

  /** What follows "^" or "_": braces, or one number, letter or command. */
  private argument(): Expression {
    if (this.isSign("{")) return this.braced();
    const token = this.tokens[this.at];
    if (token === undefined || token.kind === "relation" || token.kind === "sign") throw new NotRead();
    const value = this.component();
    if (value === null) throw new NotRead();
    return value;
  }

  /** The text of a subscript, "" where there is none. */
  private subscript(): string {
    if (!this.take("_")) return "";
    const from = this.at;
    this.argument();
    const inside = this.tokens.slice(from, this.at).map((t) => (t.kind === "relation" ? "=" : t.text));
    return `_${inside.filter((t) => t !== "{" && t !== "}").join("")}`;
  }

  private braced(): Expression {
    this.expect("{");
    return this.upTo("}");
  }

  private upTo(end: string): Expression {
    const value = this.additive();
    this.expect(end);
    return value;
  }

  private atFunction(): boolean {
    const token = this.tokens[this.at];
    return token?.kind === "command" && (isFunction(token.text) || token.text === "sqrt");
  }

  private isSign(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === "sign" && token.text === text;
  }

  private take(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.at++;
    return true;
  }

  private takeCommand(name: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== "command" || token.text !== name) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) throw new NotRead();
  }
}

const both =
  (a: Expression, b: Expression, combine: (a: Complex, b: Complex) => Complex): Expression =>
  (symbol) =>
    combine(a(symbol), b(symbol));
