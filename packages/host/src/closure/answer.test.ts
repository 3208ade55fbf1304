import { expect, test } from "vitest";
import { isLastLine, parseAnswer } from "./answer.js";

test("an answer is read", () => {
  const lines = [
    "firn:offered=/nix/store/a",
    "firn:caches=http://one http://two ",
    "/nix/store/b",
    "a banner of the machine",
    "firn:vanished=/nix/store/c",
    "firn:programs= zstd gzip",
    "firn:tookMs=48",
  ];
  expect(parseAnswer(lines)).toEqual({
    missing: new Set(["/nix/store/b"]),
    vanished: new Set(["/nix/store/c"]),
    offered: new Set(["/nix/store/a"]),
    caches: "http://one http://two",
    programs: ["zstd", "gzip"],
    tookMs: 48,
  });
  expect(lines.filter(isLastLine)).toEqual(["firn:tookMs=48"]);
});
