/** A number that is a float in Python: 1 is written 1.0. Plain numbers without a fraction are written as integers. */
export class PythonFloat {
  constructor(readonly value: number) {}
}

export const float = (value: number): PythonFloat => new PythonFloat(value);

/** Python's repr of a float: the shortest digits, an exponent below 1e-4 and from 1e16 on. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  const sign = value < 0 ? "-" : "";
  const plain = digits.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${plain}`;
  const whole = plain.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${plain.slice(exponent + 1) || "0"}`;
}

const jsonFloat = (value: number): string => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  return floatRepr(value);
};
const number = (value: number, form: (value: number) => string): string =>
  Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : form(value);

/** json.dumps(value, ensure_ascii=False), with `indent` as there; keys stay in their order, absent ones are left out. */
export function pythonJson(value: unknown, indent = 0, depth = 0): string {
  const lines = (open: string, parts: readonly string[], close: string): string => {
    if (parts.length === 0) return open + close;
    if (indent === 0) return `${open}${parts.join(", ")}${close}`;
    const inner = " ".repeat(indent * (depth + 1));
    return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${" ".repeat(indent * depth)}${close}`;
  };
  if (value === null || value === undefined) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") return number(value, jsonFloat);
  if (typeof value === "bigint") return String(value);
  if (value instanceof PythonFloat) return jsonFloat(value.value);
  const inside = (part: unknown) => pythonJson(part, indent, depth + 1);
  if (Array.isArray(value)) return lines("[", value.map(inside), "]");
  const entries = Object.entries(value as object).filter(([, v]) => v !== undefined);
  return lines(
    "{",
    entries.map(([k, v]) => `${JSON.stringify(k)}: ${inside(v)}`),
    "}",
  );
}

/** Python's str(value). */
export const pythonStr = (value: unknown): string => (typeof value === "string" ? value : pythonRepr(value));

/** Python's repr(value) of what JSON can hold. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return number(value, floatRepr);
  if (typeof value === "bigint") return String(value);
  if (value instanceof PythonFloat) return floatRepr(value.value);
  if (typeof value === "string") return textRepr(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  const entries = Object.entries(value as object).filter(([, v]) => v !== undefined);
  return `{${entries.map(([k, v]) => `${textRepr(k)}: ${pythonRepr(v)}`).join(", ")}}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** What Python does not print: controls, formats, surrogates, private and unassigned characters, and spaces but the plain one. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === quote) out += `\\${char}`;
    else if (ESCAPES[char] !== undefined) out += ESCAPES[char];
    else if (!UNPRINTABLE.test(char)) out += char;
    else if (code < 0x100) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code < 0x10000) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return quote + out + quote;
}
