import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { evaluate } from "./evaluate.js";
import { exactJson } from "./exact-json.js";

/** One case: Nix text, and the value that Nix has to read from it. */
export interface Case {
  readonly text: string;
  readonly expected: unknown;
}

/**
 * Indices of the cases in which Nix reads another value. Nix compares them itself, as its JSON output shortens floats;
 * comparing the JSON as well tells `-0` from `0` and integers from floats.
 */
export function failures(cases: readonly Case[]): number[] {
  const text = `
    let
      expected = builtins.fromJSON (builtins.readFile ./expected.json);
      found = [
        ${cases.map((each) => `(\n${each.text}\n)`).join("\n")}
      ];
      same = a: b: a == b && builtins.toJSON a == builtins.toJSON b;
      differs = index: !(same (builtins.elemAt found index) (builtins.elemAt expected index));
    in
    assert builtins.length found == builtins.length expected;
    builtins.filter differs (builtins.genList (index: index) (builtins.length expected))`;
  try {
    return evaluate(text, { "expected.json": exactJson(cases.map((each) => each.expected)) }) as number[];
  } catch (error) {
    if (cases.length === 1) return [0];
    // Some text could not be read at all: find out which.
    const middle = Math.ceil(cases.length / 2);
    const halves = [
      failures(cases.slice(0, middle)),
      failures(cases.slice(middle)).map((index) => index + middle),
    ];
    if (halves.flat().length === 0) throw error;
    return halves.flat();
  }
}

const BATCH = 1000;

/**
 * Checks `runs` random values, and every counterexample that was ever found. A new one is shrunk and added to `kept`, a
 * JSON file with a list of inputs.
 */
export function checkRoundTrip<Input>(
  arbitrary: fc.Arbitrary<Input>,
  toCase: (input: Input) => Case,
  kept: URL,
  runs = 10_000,
): void {
  const cases = JSON.parse(readFileSync(kept, "utf8")) as Input[];
  const [broken] = failures(cases.map(toCase));
  if (broken !== undefined) throw new Error(`kept counterexample fails again: ${exactJson(cases[broken])}`);

  const seed = Date.now() & 0x7fffffff;
  const inputs = fc.sample(arbitrary, { numRuns: runs, seed });
  for (let start = 0; start < runs; start += BATCH) {
    const [first] = failures(inputs.slice(start, start + BATCH).map(toCase));
    if (first === undefined) continue;
    const property = fc.property(arbitrary, (input) => failures([toCase(input)]).length === 0);
    const report = fc.check(property, { seed, path: String(start + first), numRuns: 1 });
    const [smallest] = report.counterexample ?? [inputs[start + first]];
    writeFileSync(kept, `[\n${[...cases, smallest].map((each) => `  ${exactJson(each)}`).join(",\n")}\n]\n`);
    throw new Error(
      `not the same in Nix (seed ${seed}): ${exactJson(smallest)}\n${toCase(smallest as Input).text}`,
    );
  }
}
