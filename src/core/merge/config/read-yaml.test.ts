import { describe, expect, it } from "vitest";
import { sentence } from "../../result";
import { readYaml, type YamlNode } from "./read-yaml";

const plain = ({ value }: YamlNode): unknown =>
  value instanceof Map
    ? new Map(Array.from(value as ReadonlyMap<string, YamlNode>, ([k, v]) => [k, plain(v)]))
    : Array.isArray(value)
      ? (value as readonly YamlNode[]).map(plain)
      : value;

function read(text: string): unknown {
  const result = readYaml(text, "m.yaml");
  return result.ok ? plain(result.value) : sentence(result.problem);
}

const map = (entries: Record<string, unknown>) => new Map(Object.entries(entries));

describe("readYaml", () => {
  it("reads scalars by YAML 1.1, quoted ones as text", () => {
    expect(read('{a: yes, b: "yes", c: 1e-3, d: 010, e: , f: |\n 1\n}')).toMatch(/line 1/);
    expect(
      read("a: yes\nb: \"yes\"\nc: 1e-3\nd: 010\ne:\nf: |\n  1\ng: >-\n  on\n  off\nh: [1.5, '1.5']"),
    ).toEqual(map({ a: true, b: "yes", c: "1e-3", d: 8, e: null, f: "1\n", g: "on off", h: [1.5, "1.5"] }));
    expect(read("\ufeff%YAML 1.1\n---\n# c\na: {b, c: }\n...\n")).toEqual(
      map({ a: map({ b: null, c: null }) }),
    );
  });

  it("keeps the line of every value", () => {
    const result = readYaml("a:\n  - 1\n  - b:\n      2\nc: &x 3\nd: *x\n", "m.yaml");
    if (!result.ok) throw new Error(sentence(result.problem));
    const top = result.value.value as ReadonlyMap<string, YamlNode>;
    const list = top.get("a")!.value as readonly YamlNode[];
    expect(list.map((n) => n.line)).toEqual([2, 3]);
    expect((list[1]!.value as ReadonlyMap<string, YamlNode>).get("b")!.line).toBe(4);
    expect(top.get("d")).toEqual({ value: 3, line: 6 });
  });

  it("repeats anchors and merges mappings", () => {
    expect(read("a: &a {x: 1, y: &y [2]}\nb: {<<: *a, x: 3}\nc: *y\nd: {<<: [*a, {z: 4}]}")).toEqual(
      map({
        a: map({ x: 1, y: [2] }),
        b: map({ x: 3, y: [2] }),
        c: [2],
        d: map({ x: 1, y: [2], z: 4 }),
      }),
    );
    expect(read('"<<": 1')).toEqual(map({ "<<": 1 }));
  });

  it("takes __proto__ for a key like any other", () => {
    expect(read("__proto__: {polluted: 1}\nconstructor: 2")).toEqual(
      new Map<string, unknown>([
        ["__proto__", map({ polluted: 1 })],
        ["constructor", 2],
      ]),
    );
    expect("polluted" in {}).toBe(false);
  });

  it.each([
    ["", "m.yaml: it is empty."],
    ["# nothing\n", "it is empty."],
    ["a: 1\n---\nb: 2", "line 2: a second document begins."],
    ["a: 1\nb: 2\na: 3", 'line 3: the key "a" occurs twice.'],
    ["{a: 1, 'a': 2}", 'the key "a" occurs twice.'],
    ["yes: 1", "a key is no text."],
    ["1: 1", "a key is no text."],
    ["? [a]\n: 1", "a key is no text."],
    ["? \n: 1", "a key is no text."],
    ["a: !!float 1", 'line 1: the tag "!!float" has no place'],
    ["a: 1\nb: !x {c: 1}", 'line 2: the tag "!x"'],
    ["--- !<tag:yaml.org,2002:map>\na: 1", "the tag"],
    ["a: ! 1", 'the tag "!"'],
    ["a: &a 1\nb: &a 2", "line 2: the anchor &a is set twice."],
    ["a: *b", "the alias *b has no anchor before it."],
    ["a: &a [1, *a]", "the alias *a stands inside what it repeats."],
    ["<<: 1", '"<<" takes a mapping'],
    ["<<: [{a: 1}, 2]", '"<<" takes a mapping'],
    ["<<: [{a: 1}, {a: 2}]", '"<<" merges two mappings with the key "a".'],
    ["<<: {a: 1}\n<<: {b: 1}", 'the key "<<" occurs twice.'],
    ["a: 1\nb: 'x\u0007'", "line 2: the character U+0007 cannot stand in YAML."],
    ["a: x\u2028y", "the character U+2028"],
    ["a: \ud800", "the character U+D800"],
    ["a: [1", "line 1: "],
    ["a: 1\n\tb: 2", "line 2: "],
    ["a: @x", "line 1: "],
    ["a: 'x", "line 1: "],
  ])("refuses %j", (text, words) => {
    expect(read(text)).toContain(words);
  });

  it("takes what begins with ! inside text for text", () => {
    expect(read("a: '!x'\nb: |\n  !y\nc: z!")).toEqual(map({ a: "!x", b: "!y\n", c: "z!" }));
  });

  it("refuses bombs of aliases by what they stand for", () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(", ")}]\n`;
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const bomb = names.map((name, i) => level(name, i === 0 ? "lol" : `*${names[i - 1]}`)).join("");
    expect(read(bomb)).toContain("line 5: up to here it stands for more than 50000 values.");
    const merges = `a: &a {${Array.from({ length: 200 }, (_, i) => `k${i}: 1`).join(", ")}}\n`;
    expect(read(merges + Array.from({ length: 600 }, (_, i) => `b${i}: {<<: *a}\n`).join(""))).toContain(
      "more than 50000 values",
    );
    expect(read(`a: &a 1\nb: [${Array(1001).fill("*a").join(", ")}]`)).toContain("more than 1000 aliases");
  });

  const LONGEST = 1 << 17;
  /** Of all threads: a busy machine does not count. */
  const cpuSeconds = (use: () => void): number => {
    const before = process.cpuUsage();
    use();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  it.each([
    ["[", 1],
    ["{a: ", 4],
    ["- ", 2],
    ["? ", 2],
    ["[a,", 3],
  ])("refuses a depth of %j early", (piece, size) => {
    let message: unknown;
    expect(cpuSeconds(() => (message = read(piece.repeat(LONGEST / size))))).toBeLessThan(1);
    expect(message).toMatch(/deeper than 32 levels/);
  });

  it.each([
    "- a\n",
    "a: 1\n",
    "\n",
    "#\n",
    "&a ",
    "---\n",
    "...\n",
    "%A\n",
    "*a ",
    "! ",
    "a\n",
    ": ",
    "'",
    '"\\n',
    "|\n ",
    "{}\n",
    "\t",
    "\r",
    ", ",
    "a: {",
    "a: [\n",
    "{a}\n",
    "- - - a\n",
  ])("answers within a second when %j fills the file", (piece) => {
    expect(cpuSeconds(() => read(piece.repeat(LONGEST / piece.length)))).toBeLessThan(1);
  });

  it("refuses a file too long for a configuration", () => {
    expect(read("a: 1\n".repeat(LONGEST))).toContain("a merge configuration at most 131072");
  });
});
