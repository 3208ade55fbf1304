import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { quote } from "./quote.js";

const argument = fc.oneof(
  fc.string({ unit: "binary" }).filter((text) => !text.includes("\0")),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      "\\",
      "$",
      "`",
      "\n",
      "!",
      "*",
      "~",
      "=",
      "-",
      " ",
      "a",
      ";",
      "#",
      "{",
      "}",
    ),
  }),
);

test("every argument arrives through a real sh byte for byte", () => {
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 6 }), (argv) => {
      const printed = execFileSync("sh", ["-c", quote(["printf", "%s\\0", "first", ...argv])]);
      expect(printed.toString("utf8").split("\0").slice(1, -1)).toEqual(argv);
    }),
    { numRuns: 300 },
  );
});

test("what needs no quotes has none, and nothing becomes an assignment or an option of the shell", () => {
  expect(quote(["nix-store", "--query", "/nix/store/a-b_1.2+c"])).toBe(
    "nix-store --query /nix/store/a-b_1.2+c",
  );
  expect(quote(["A=b", "~", ""])).toBe("'A=b' '~' ''");
  expect(() => quote(["a\0b"])).toThrow("NUL");
});
