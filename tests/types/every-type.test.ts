import { afterAll, beforeAll, expect, test } from "vitest";
import { assignments, EVERY_TYPE, everyTypeModule, expectations, FIRST_LINE } from "./every-type.js";
import { TypedProject } from "./project.js";

const cases = Object.entries(EVERY_TYPE);
/** How a value may be wrapped, with the same check of what is inside. */
const WRAPPERS: readonly (readonly [what: string, wrap: (value: string) => string])[] = [
  ["plain", (value) => value],
  ["lib.mkIf", (value) => `lib.mkIf(config.every.bool, ${value})`],
  ["lib.mkForce", (value) => `lib.mkForce(${value})`],
  ["lib.mkDefault", (value) => `lib.mkDefault(${value})`],
  ["lib.mkBefore", (value) => `lib.mkBefore(${value})`],
  ["lib.mkAfter", (value) => `lib.mkAfter(${value})`],
  ["lib.mkOverride", (value) => `lib.mkOverride(10, ${value})`],
  ["lib.mkOrder", (value) => `lib.mkOrder(10, ${value})`],
  ["lib.mkMerge", (value) => `lib.mkMerge([lib.mkIf(true, ${value})])`],
];

const all = cases.flatMap(([name, { right, wrong }]) =>
  WRAPPERS.map(([wrapper, wrap]) => ({ name, wrapper, right: wrap(right), wrong: wrong && wrap(wrong) })),
);
const rights = all.map(({ name, wrapper, right }) => ({ name, wrapper, value: right }));
const wrongs = all.flatMap(({ name, wrapper, wrong }) =>
  wrong === undefined ? [] : [{ name, wrapper, value: wrong }],
);

const project = new TypedProject();
/** What the compiler says of all programs. */
let output = "";

/** Which cases of a program have an error, counted from 0. */
function failing(file: string): number[] {
  const lines = [...output.matchAll(new RegExp(`^${file}\\((\\d+),\\d+\\): error`, "gm"))];
  return [...new Set(lines.map((match) => Number(match[1]) - FIRST_LINE))].sort((a, b) => a - b);
}

beforeAll(async () => {
  project.write("every.nix", everyTypeModule);
  await project.types("every.nix");
  const expected = cases.map(([name, { typescript }]) => [name, typescript] as const);
  // The last one is wrong on purpose: expectations that nobody checks would pass.
  project.write("expect.ts", expectations([...expected, ["port", "Nix<string>"]]));
  project.write("right.ts", assignments(rights));
  project.write("wrong.ts", assignments(wrongs));
  output = await project.compile(["expect.ts", "right.ts", "wrong.ts", "nixos-options.d.ts"]);
});
afterAll(() => project.remove());

test("every option type of nixpkgs has its exact TypeScript type", () => {
  expect(failing("expect.ts")).toEqual([cases.length]);
});

test("right values compile, plain and inside of lib.mkIf and its like", () => {
  expect(failing("right.ts").map((index) => rights[index])).toEqual([]);
});

test("wrong values do not, plain and inside of lib.mkIf and its like, each with an error on its own line", () => {
  const found = new Set(failing("wrong.ts"));
  expect(wrongs.filter((_, index) => !found.has(index))).toEqual([]);
});

test("ranges and patterns are in the comments", () => {
  const text = project.read("nixos-options.d.ts");
  for (const [name, { note }] of cases) {
    if (note === undefined) continue;
    const end = text.search(new RegExp(`^ {2}${name}\\?:`, "m"));
    const comment = text.slice(text.lastIndexOf("/**", end), end);
    expect(comment, name).toContain(note);
  }
});
