import { expect, it } from "vitest";
import { namesSetFile, readAddress, readAddresses } from "./addresses";

const nameOf = (line: string) => {
  const read = readAddress(line);
  return read.ok ? `${read.value.source.kind} ${read.value.name}` : `refused: ${read.problem.message}`;
};

it.each([
  ["Qwen/Qwen3-0.6B", "hub Qwen/Qwen3-0.6B@main"],
  ["Qwen/Qwen3-0.6B@v1.0", "hub Qwen/Qwen3-0.6B@v1.0"],
  ["hf://team/code@refs/pr/1", "hub team/code@refs/pr/1"],
  ["https://huggingface.co/team/code", "hub team/code@main"],
  ["https://huggingface.co/team/code/tree/step-500", "hub team/code@step-500"],
  ["https://files.example.org/runs/code", "http https://files.example.org/runs/code/"],
  ["http://127.0.0.1:8080/", "http http://127.0.0.1:8080/"],
])("reads %s", (line, expected) => expect(nameOf(line)).toBe(expected));

it.each([
  ["just a word", /neither an address nor/],
  ["ftp://host/x", /neither an address nor/],
  ["https://user:secret@host/x", /user name, password/],
  ["https://host/x?token=1", /query/],
])("refuses %s and names it", (line, message) => {
  const read = readAddress(line);
  if (read.ok) throw new Error("was accepted");
  expect(read.problem.message).toMatch(message);
  expect(read.problem.file).toBe(line);
  expect(read.problem.remedy).toContain("owner/name@revision");
});

it("reads several lines, and tells set files by their ending", () => {
  const { sources, problems } = readAddresses("team/code\n\n  https://host/set/demix-set.json\nnonsense");
  expect(sources.map(namesSetFile)).toEqual([false, true]);
  expect(problems).toHaveLength(1);
});
