import { Environment, Interpreter } from "@huggingface/jinja";
import { pythonRepr } from "./python-literal";
import { pythonMethod } from "./python-methods";
import { pythonSubstitute } from "./python-substitute";

/** The library's values and nodes, as far as they are looked at here. */
interface Value {
  readonly type: string;
  readonly value: unknown;
}
interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}
interface OpenInterpreter {
  run(program: unknown): Value;
  evaluate(node: Node | undefined, env: Environment): Value;
  evaluateBlock(statements: readonly Node[], env: Environment): Value;
  evaluateMemberExpression(node: Node, env: Environment): Value;
  evaluateFilterExpression(node: Node, env: Environment): Value;
}
/** The library declares its steps private; they are what has to be otherwise here. */
const Open = Interpreter as unknown as new (env: Environment) => OpenInterpreter;

const scratch = (value: unknown): Value => new Environment().set("value", value) as unknown as Value;
const FunctionValue = scratch(() => null).constructor as new (run: (args: Value[]) => Value) => Value;

const UNDEFINED = new Set(["Identifier", "MemberExpression"]);
const SILENT = new Set(["Set", "Macro", "Comment", "Break", "Continue"]);

/** A template's own mistake: what a user wrote, and not this project, is wrong. */
export class TemplateError extends Error {}

/**
 * Jinja as lm-eval sets it up: names without value are errors except under `default` and `is defined` (StrictUndefined), values
 * stand as Python writes them, texts and lists have Python's methods, and the filter regex_replace exists.
 */
export class StrictInterpreter extends Open {
  private readonly tolerated = new WeakSet<object>();

  override evaluate(node: Node | undefined, environment: Environment): Value {
    if (node?.type === "Held") return node.held as Value;
    if (node?.type === "TestExpression" && /^(?:un)?defined$/.test(nameOf(node.test)))
      this.tolerated.add(node.operand as object);
    if (node?.type === "FilterExpression" && /^(?:default|d)$/.test(nameOf(node.filter)))
      this.tolerated.add(node.operand as object);
    const value = super.evaluate(node, environment);
    if (node && value.type === "UndefinedValue" && UNDEFINED.has(node.type) && !this.tolerated.has(node))
      throw new TemplateError(`${described(node)} has no value`);
    return value;
  }

  override evaluateBlock(statements: readonly Node[], environment: Environment): Value {
    const parts = statements.map((node) => {
      const value = this.evaluate(node, environment);
      // A condition without "else" gives nothing where it fails; other names without value were refused.
      return SILENT.has(node.type) || value.type === "UndefinedValue" ? "" : pythonText(value);
    });
    return scratch(parts.join(""));
  }

  override evaluateMemberExpression(node: Node, environment: Environment): Value {
    const object = this.evaluate(node.object as Node, environment);
    const property = node.property as Node;
    if (node.computed !== true && property.type === "Identifier") {
      const method = pythonMethod(plain(object), String(property.value));
      if (method) return new FunctionValue((args) => scratch(method(args.map(plain))));
    }
    return super.evaluateMemberExpression({ ...node, object: { type: "Held", held: object } }, environment);
  }

  override evaluateFilterExpression(node: Node, environment: Environment): Value {
    const filter = node.filter as Node;
    const name = nameOf(filter);
    if (!["regex_replace", "capitalize", "trim", "string"].includes(name))
      return super.evaluateFilterExpression(node, environment);
    const text = this.evaluate(node.operand as Node, environment);
    const given: unknown[] = [];
    const named = new Map<string, unknown>();
    for (const arg of (filter.args ?? []) as Node[]) {
      const keyword = arg.type === "KeywordArgumentExpression";
      const value = plain(this.evaluate((keyword ? arg.value : arg) as Node, environment));
      if (keyword) named.set(String((arg.key as Node).value), value);
      else given.push(value);
    }
    if (name === "string") return scratch(pythonText(text));
    if (name !== "regex_replace") {
      const method = pythonMethod(pythonText(text), name === "trim" ? "strip" : name)!;
      return scratch(method(given.length > 0 ? given : [...named.values()]));
    }
    const [pattern = named.get("pattern"), repl = named.get("repl"), count = named.get("count") ?? 0] = given;
    const done = pythonSubstitute(String(plain(text)), String(pattern), String(repl), Number(count));
    if (!done.ok) throw new TemplateError(done.problem.message);
    return scratch(done.value);
  }
}

function nameOf(node: unknown): string {
  const { type, value, callee } = (node ?? {}) as Node;
  return type === "CallExpression" ? nameOf(callee) : String(value ?? "");
}

function described(node: Node): string {
  if (node.type === "Identifier") return `"${String(node.value)}"`;
  const property = node.property as Node | undefined;
  return property?.value === undefined ? "an expression" : `".${String(property.value)}"`;
}

/** A runtime value as JavaScript's. */
export function plain(value: Value): unknown {
  const inner = value.value;
  if (Array.isArray(inner)) return inner.map((v) => plain(v as Value));
  if (inner instanceof Map)
    return Object.fromEntries([...inner].map(([k, v]) => [k as string, plain(v as Value)]));
  return value.type === "NullValue" ? null : inner;
}

/** str() of a plain value. */
export const valueText = (value: unknown): string => pythonText(scratch(value));

/** str() of a value. */
function pythonText(value: Value): string {
  if (value.type === "StringValue") return value.value as string;
  return written(value);
}

function written(value: Value): string {
  const inner = value.value;
  switch (value.type) {
    case "StringValue":
      return pythonRepr(inner as string);
    case "NullValue":
      return "None";
    case "BooleanValue":
      return inner ? "True" : "False";
    case "FloatValue":
      return pythonFloat(inner as number);
    case "TupleValue": {
      const items = (inner as Value[]).map(written);
      return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
    }
    default:
      if (Array.isArray(inner)) return `[${(inner as Value[]).map(written).join(", ")}]`;
      if (inner instanceof Map)
        return `{${[...(inner as Map<string, Value>)].map(([k, v]) => `${pythonRepr(k)}: ${written(v)}`).join(", ")}}`;
      if (value.type === "UndefinedValue") throw new TemplateError("an expression has no value");
      return String(inner);
  }
}

function pythonFloat(x: number): string {
  if (Number.isInteger(x) && Math.abs(x) < 1e16) return x.toFixed(1);
  return String(x)
    .replace(/e([+-])(\d)$/, "e$10$2")
    .replace("Infinity", "inf")
    .replace("NaN", "nan");
}
