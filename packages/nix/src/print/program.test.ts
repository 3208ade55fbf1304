import { test } from "vitest";
import { program, toExpression, toValue } from "../testing/expressions.js";
import { checkRoundTrip } from "../testing/round-trip.js";
import { print } from "./print.js";

test("every variable means the same in Nix as in TypeScript", () => {
  checkRoundTrip(
    program,
    (input) => ({ text: print(toExpression(input)), expected: toValue(input) }),
    new URL("../__cases__/programs.json", import.meta.url),
  );
});
