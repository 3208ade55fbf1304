import { expect, test } from "vitest";
import { explainEvaluation } from "./explain.js";

test("the reason of an old Nix stands before its trace", () => {
  const stderr = `error: The option \`services.minidbb' does not exist. Definition values:
       - In \`/p/.firn/dev/net/db.nix':
           {
             enable = true;
           }

       … while evaluating anonymous lambda

       at /nixpkgs/lib/modules.nix:81:26:

       … while evaluating the Firn machine 'db'
`;
  expect(explainEvaluation(stderr, ["web", "db"])).toEqual({
    machine: "db",
    reason:
      "The option `services.minidbb' does not exist. Definition values:\n- In `/p/.firn/dev/net/db.nix':\n    {\n      enable = true;\n    }",
    option: "services.minidbb",
    places: [{ file: "/p/.firn/dev/net/db.nix" }],
    hint: expect.stringContaining("Check the spelling"),
  });
});

test("the reason of a new Nix stands last", () => {
  const stderr = `error:
       … while evaluating the Firn machine 'web'

       … while calling the 'derivationStrict' builtin
         at <nix/derivation-internal.nix>:37:12:

       error:
       Failed assertions:
       - the moon is full
`;
  expect(explainEvaluation(stderr, ["web", "db"])).toMatchObject({
    machine: "web",
    reason: "Failed assertions:\n- the moon is full",
    hint: "The configuration contradicts itself as the assertion says.",
  });
});

test("where the reason names no option, the trace does: the innermost, whichever end Nix tells it from", () => {
  const inner = "… while evaluating the option `networking.domain':\n\n at /p/.firn/dev/net/db.nix:5:12:\n";
  const outer =
    "… while evaluating the option `system.build.toplevel':\n\n at /p/.firn/dev/net/default.nix:70:3:\n\n… while evaluating the Firn machine 'db'\n";
  const explained = {
    machine: "db",
    reason: "infinite recursion encountered",
    option: "networking.domain",
  };
  const place = { file: "/p/.firn/dev/net/db.nix", line: 5, column: 12 };
  const old = `error: infinite recursion encountered\n\n${inner}\n${outer}`;
  expect(explainEvaluation(old, ["db"])).toMatchObject(explained);
  expect(explainEvaluation(old, ["db"])?.places[0]).toEqual(place);
  const recent = `error:\n${outer}\n${inner}\n error: infinite recursion encountered\n`;
  expect(explainEvaluation(recent, ["db"])).toMatchObject(explained);
  expect(explainEvaluation(recent, ["db"])?.places[0]).toEqual(place);
});

test("an error of no machine is nobody's", () => {
  expect(explainEvaluation("error: out of memory", ["web"])).toBeUndefined();
});

test("the failure's own place is told before those of the trace", () => {
  const trace =
    "… while evaluating definitions from `/p/.firn/dev/net/db.nix':\n\n at /nixpkgs/lib/modules.nix:1:2:\n";
  const reason = "error: attribute 'helo' missing\n\n at /p/web.nix:6:7:\n\n  5| a\n";
  const machine = "… while evaluating the Firn machine 'db'\n";
  for (const text of [`${reason}\n${trace}\n${machine}`, `error:\n${machine}\n${trace}\n${reason}`])
    expect(explainEvaluation(text, ["db"])).toMatchObject({
      reason: "attribute 'helo' missing",
      places: [{ file: "/p/web.nix", line: 6, column: 7 }, {}, {}],
    });
});

test.each([
  ["A definition for option `a' is not of type `boolean'.", /true or false/],
  ["`mkIf` called with a non-Boolean condition", /true or false/],
  ["The option `a' is defined multiple times while it's expected to be unique.", /lib\.mkForce/],
  ["The option `a' is read-only, but it's set multiple times.", /leave it out/],
  ["The option `a' is used but not defined.", /give it a value/],
  ["The option `a' was accessed but has no value defined. Try setting the option.", /give it a value/],
  ["Package ‘x-1’ in /n/x.nix:1 is marked as broken, refusing to evaluate.", /allowBroken/],
  ["Package ‘x-1’ in /n/x.nix:1 is not available on the requested hostPlatform:", /another package/],
  ["undefined variable 'pkg'", /misspelt/],
  ["syntax error, unexpected '}'", /not Nix/],
  ["cannot coerce a set to a string", /toString/],
  ["value is a string while a list was expected", /another type/],
  ['expected a set but found a string: "x"', /another type/],
  ["attempt to call something which is not a function but a set", /another type/],
  ["function 'anonymous lambda' called with unexpected argument 'x'", /other arguments/],
])("hint for: %s", (reason, hint) => {
  const text = `error: ${reason}\n\n… while evaluating the Firn machine 'db'\n`;
  expect(explainEvaluation(text, ["db"])?.hint).toMatch(hint);
});
