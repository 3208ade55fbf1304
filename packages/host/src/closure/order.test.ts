import { expect, test } from "vitest";
import { referencesFirst } from "./order.js";
import type { PathInfo } from "./serve.js";

const info = (path: string, ...references: string[]): PathInfo => ({
  path,
  references,
  deriver: "",
  narSize: 0,
  narHash: "",
  ca: "",
  signatures: [],
});
const paths = (infos: readonly PathInfo[]) => infos.map(({ path }) => path);

test("what is needed comes before what needs it; references to itself and to what is not in the list do not matter", () => {
  const infos = [
    info("top", "left", "right", "elsewhere"),
    info("left", "base", "left"),
    info("right", "base"),
  ];
  expect(paths(referencesFirst([...infos, info("base")]))).toEqual(["base", "left", "right", "top"]);
});

test("a chain may be longer than a call stack is deep", () => {
  const chain = Array.from({ length: 50_000 }, (_, n) => info(String(n), String(n + 1)));
  expect(paths(referencesFirst(chain)).at(-1)).toBe("0");
});
