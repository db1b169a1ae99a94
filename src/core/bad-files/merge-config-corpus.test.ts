import { expect, it } from "vitest";
import { parseMergeConfig } from "../merge/config/parse-merge-config";
import { refusalFault } from "./refusal-fault";
import { timed } from "./timed";

const FILE = /^merge\.yaml$/;
const config = (rest: string) =>
  `models:\n  - model: a\n    parameters: {weight: 1}\n  - model: b\n    parameters: {weight: 2}\nmerge_method: linear\n${rest}`;

async function read(text: string) {
  const { value, ms } = await timed(() => parseMergeConfig(text, "merge.yaml"));
  expect(ms).toBeLessThan(1000);
  expect(Object.keys(Object.prototype)).toEqual([]);
  return value;
}

it("reads the configuration that the following ones are made of", async () => {
  const plain = await read(config("dtype: float32\n"));
  expect(plain.ok && plain.value.models.map(({ model }) => model.path)).toEqual(["a", "b"]);
});

/** Nine lists or mappings of nine each, seven levels: the billion laughs. */
const laughs = (open: string, close: string, entry: (name: string, i: number) => string) =>
  ["a", "b", "c", "d", "e", "f", "g"]
    .map((name, level) => {
      const of = level === 0 ? "lol" : `*${"abcdefg"[level - 1]}`;
      return `${name}: &${name} ${open}${Array.from({ length: 9 }, (_, i) => entry(of, i)).join(", ")}${close}\n`;
    })
    .join("");

it.each<readonly [string, string, RegExp]>([
  ["a billion laughs in lists", laughs("[", "]", (of) => of), /line \d+: .*50000 values/],
  ["a billion laughs in mappings", laughs("{", "}", (of, i) => `k${i}: ${of}`), /line \d+: .*50000 values/],
  [
    "a merge that doubles",
    `a: &a {${Array.from({ length: 300 }, (_, i) => `k${i}: 1`).join(", ")}}\n${Array.from({ length: 500 }, (_, i) => `b${i}: {<<: *a}\n`).join("")}`,
    /line \d+: .*50000 values/,
  ],
  ["two thousand aliases", `a: &a 1\nb: [${Array(2000).fill("*a").join(", ")}]\n`, /line 2: .*1000 aliases/],
  [
    "an anchor that holds itself",
    config("parameters: &a {weight: *a}\n"),
    /line 7: the alias \*a stands inside/,
  ],
  [
    "a list that holds itself",
    "models: &m [*m]\nmerge_method: linear\n",
    /line 1: the alias \*m stands inside/,
  ],
  [
    "a mapping merged into itself",
    config("parameters: &a {<<: *a}\n"),
    /line 7: the alias \*a stands inside/,
  ],
  [
    "anchors that hold each other",
    "a: &a [*b]\nb: &b [*a]\n",
    /line 1: the alias \*b has no anchor before it/,
  ],
  ["an anchor twice", "a: &a 1\nb: &a 2\n", /line 2: the anchor &a is set twice/],
  ["a merge of text", config("<<: x\n"), /line 7: "<<" takes a mapping/],
  ["a merge of a list of text", config("<<: [x]\n"), /line 7: "<<" takes a mapping/],
  ["a merge of an alias of text", config("dtype: &a float32\n<<: *a\n"), /line 8: "<<" takes a mapping/],
  ["Python's tags", config("parameters: !!python/object/apply:os.system ['true']\n"), /line 7: the tag/],
  ["a tag of its own", config("dtype: !x float32\n"), /line 7: the tag "!x"/],
  ["a tag in a handle", `%TAG ! tag:x,2000:\n---\n${config("dtype: !y 1\n")}`, /line \d+: /],
  ["two documents", `${config("")}---\n${config("")}`, /line 7: a second document|line 8: a second document/],
  ["a key twice", config("dtype: float32\ndtype: float32\n"), /line 8: the key "dtype" occurs twice/],
  [
    "a key twice, once quoted",
    config('dtype: float32\n"dtype": float32\n'),
    /line 8: the key "dtype" occurs twice/,
  ],
  [
    "a key twice, once escaped",
    config('dtype: float32\n"\\u0064type": float32\n'),
    /line 8: the key "dtype" occurs twice/,
  ],
  [
    "a hundred thousand keys",
    Array.from({ length: 100_000 }, (_, i) => `k${i}: 1\n`).join(""),
    /at most 131072/,
  ],
  [
    "nine thousand keys",
    Array.from({ length: 9_000 }, (_, i) => `k${i}: 1\n`).join(""),
    /line \d+: |at most/,
  ],
  ["lists a hundred thousand deep", "[".repeat(100_000), /line 1: .*32 levels/],
  [
    "closed lists fifty thousand deep",
    `a: ${"[".repeat(50_000)}${"]".repeat(50_000)}`,
    /line 1: .*32 levels/,
  ],
  ["mappings a hundred thousand deep", "{a: ".repeat(30_000), /line 1: .*32 levels/],
  ["block lists deep", "- ".repeat(60_000), /line 1: .*32 levels/],
  ["a scalar of a million characters", config(`dtype: ${"x".repeat(1_000_000)}\n`), /at most 131072/],
  [
    "a scalar of a hundred thousand characters",
    config(`dtype: ${"x".repeat(100_000)}\n`),
    /line 7: dtype is not one of/,
  ],
  [
    "a hundred thousand digits",
    config(`parameters: {weight: ${"9".repeat(100_000)}}\n`),
    /line 7: parameters\.weight/,
  ],
  ["a key of a thousand characters", config(`${"k".repeat(1000)}: 1\n`), /line 7: the key "kkk/],
  ["a tab", `${config("parameters:\n")}\tweight: 1\n`, /line 8: /],
  ["a NUL", config("dtype: float32\u0000\n"), /line 7: the character U\+0000/],
  ["a sign that turns the text", config("dtype: \u202efloat32\n"), /line 7: /],
  ["half a surrogate pair", config("dtype: \ud800\n"), /line 7: the character U\+D800/],
  [
    "an escaped half of a surrogate pair",
    'models:\n  - model: "\\ud800"\n  - model: b\nmerge_method: linear\nparameters: {weight: 1}\n',
    /line 2: /,
  ],
  ["a line separator", config("dtype: float\u202832\n"), /line 7: the character U\+2028/],
  ["__proto__ as a key", config("__proto__: {polluted: 1}\n"), /line 7: the key "__proto__"/],
  ["__proto__ as a parameter", config("parameters: {__proto__: {polluted: 1}}\n"), /line 7: .*"__proto__"/],
  ["constructor as a parameter", config("parameters: {constructor: 1}\n"), /line 7: .*"constructor"/],
  [
    "__proto__ in a condition",
    config("parameters: {weight: [{__proto__: {value: 1}}]}\n"),
    /line 7: .*"__proto__"/,
  ],
  ["a method that objects have", config("").replace("linear", "constructor"), /merge method "constructor"/],
  ["a weight that is not finite", config("parameters: {weight: .inf}\n"), /line 7: parameters\.weight/],
  ["a weight beyond float64", config("parameters: {weight: 1.0e+999}\n"), /line 7: parameters\.weight/],
  ["a weight that is no number", config("parameters: {weight: .nan}\n"), /line 7: parameters\.weight/],
  ["a date", config("parameters: {weight: 2001-12-14}\n"), /line 7: parameters\.weight/],
  ["a model that is a list", "models: [[a], [b]]\nmerge_method: linear\n", /line 1: models\[0\]/],
  [
    "a model of a control character",
    'models:\n  - model: "a\\u0007"\n  - model: b\nmerge_method: linear\nparameters: {weight: 1}\n',
    /line 2: /,
  ],
  [
    "an adapter twice",
    "models: [{model: a+b+c}, {model: b}]\nmerge_method: linear\nparameters: {weight: 1}\n",
    /line 1: models\[0\]\.model/,
  ],
  ["slices", "slices: []\nmerge_method: linear\n", /line 1: "slices"/],
  ["nothing", "", /it is empty/],
  ["comments alone", "# a\n# b\n", /it is empty/],
  ["a scalar", "x\n", /line 1: the file is no mapping/],
  ["a list", "- x\n", /line 1: the file is no mapping/],
])("refuses %s, with the line", async (_, text, said) => {
  const result = await read(text);
  if (result.ok) throw new Error("it was accepted");
  expect(refusalFault(result.problem, FILE, said)).toBeNull();
});

it.each([
  ["line ends of Windows", config("dtype: float32\n").replaceAll("\n", "\r\n")],
  ["a byte order mark", `\ufeff${config("dtype: float32\n")}`],
  ["an end of the document", `---\n${config("dtype: float32\n")}...\n`],
  [
    "an alias of a setting",
    config("parameters: &p {weight: 3}\ndtype: float32\n").replace("{weight: 1}", "{weight: &w 1}"),
  ],
  [
    "a merged mapping",
    "models:\n  - &m {model: a, parameters: &p {weight: 1}}\n  - {<<: *m, model: b}\nmerge_method: linear\n",
  ],
  [
    "a thousand values in a gradient",
    config(`parameters: {weight: [${Array(1000).fill("0.5").join(", ")}]}\n`),
  ],
])("reads %s", async (_, text) => {
  const result = await read(text);
  if (!result.ok) throw new Error(result.problem.message);
  expect(result.value.models.map(({ model }) => model.path)).toEqual(["a", "b"]);
});
