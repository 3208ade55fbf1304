import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { tar } from "./tar.js";

test("tar itself reads names, contents, owners and modes", () => {
  const stream = tar([
    { name: "0/a key", content: Buffer.from("value"), permissions: "0440", user: "www-data", group: "1234" },
    { name: "empty", content: Buffer.alloc(0) },
    { name: `1/${"x".repeat(98)}`, content: Buffer.alloc(512, "y") },
  ]);
  const list = (...args: string[]) =>
    execFileSync("tar", ["-tv", ...args], { input: stream, encoding: "utf8" })
      .trim()
      .split("\n")
      .map((line) => line.replace(/ +/g, " ").replace(/ \d{4}-\d\d-\d\d \d\d:\d\d/, ""));
  expect(list()).toEqual([
    "-r--r----- www-data/1234 5 0/a key",
    "-rw------- root/root 0 empty",
    `-rw------- root/root 512 1/${"x".repeat(98)}`,
  ]);
  expect(list("--numeric-owner")[0]).toBe("-r--r----- 0/1234 5 0/a key");
  expect(execFileSync("tar", ["-xO", "0/a key"], { input: stream, encoding: "utf8" })).toBe("value");
});

test("a name that does not fit is refused", () => {
  expect(() => tar([{ name: "x".repeat(101), content: Buffer.alloc(0) }])).toThrow("longer than 100 bytes");
});
