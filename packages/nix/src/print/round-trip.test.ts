import fc from "fast-check";
import { expect, test } from "vitest";
import { nix, str } from "../template.js";
import { name, text, value } from "../testing/arbitraries.js";
import { checkRoundTrip, failures } from "../testing/round-trip.js";
import { print } from "./print.js";

const kept = (file: string) => new URL(`../__cases__/${file}.json`, import.meta.url);

test("any value reads back as itself", () => {
  checkRoundTrip(value, (input) => ({ text: print(input), expected: input }), kept("values"));
});

test("any string reads back as itself, at any indentation", () => {
  const toCase = (input: string) => ({
    text: print({ a: [{ b: input, c: 1 }] }),
    expected: { a: [{ b: input, c: 1 }] },
  });
  checkRoundTrip(text, toCase, kept("strings"));
});

test("any attribute name reads back as itself", () => {
  const toCase = ([a, b]: readonly [string, string]) => {
    const set = Object.fromEntries([[a, Object.fromEntries([[b, 1]])]]);
    return { text: print(set), expected: set };
  };
  checkRoundTrip(fc.tuple(name, name), toCase, kept("names"));
});

test("any attribute is selected by its name", () => {
  const toCase = (input: string) => ({
    text: print(nix`${Object.fromEntries([[input, 5]])}`[input === "then" ? "x" : input]),
    expected: 5,
  });
  checkRoundTrip(
    name.filter((each) => each !== "then"),
    toCase,
    kept("selections"),
  );
});

test("text and interpolated expressions make one string", () => {
  const pair = fc.tuple(text, fc.boolean());
  const toCase = (parts: [string, boolean][]) => {
    const strings = ["", ...parts.map(() => "")];
    const holes = parts.map(([part, asExpression]) => (asExpression ? nix`(x: x) ${part}` : part));
    const template = Object.assign(strings, { raw: strings });
    return { text: print([str(template, ...holes)]), expected: [parts.map(([part]) => part).join("")] };
  };
  checkRoundTrip(fc.array(pair, { minLength: 1, maxLength: 5 }), toCase, kept("templates"));
});

test("integers of 64 bits", () => {
  const all = [2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) + 1n, 2n ** 53n, 0n, -1n, 9007199254740993n];
  expect(failures(all.map((each) => ({ text: print([each]), expected: [each] })))).toEqual([]);
});
