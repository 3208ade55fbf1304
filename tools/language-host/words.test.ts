import { expect, test } from "vitest";
import { splitWords } from "./words.mjs";

test.each([
  ["", []],
  ["--import tsx", ["--import", "tsx"]],
  ["  --a\t--b  ", ["--a", "--b"]],
  ["--title 'a b' \"c d\"", ["--title", "a b", "c d"]],
  ['--x="a \\"b\\""\'c\'\\ d', ['--x=a "b"c d']],
  ["''", [""]],
])("%j is %j", (line, words) => {
  expect(splitWords(line)).toEqual(words);
});
