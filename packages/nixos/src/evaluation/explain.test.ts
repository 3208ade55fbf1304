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
    file: "/p/.firn/dev/net/db.nix",
    hint: "Check the spelling; the NixOS options are listed at search.nixos.org/options.",
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
    file: "/p/.firn/dev/net/db.nix:5",
  };
  const old = `error: infinite recursion encountered\n\n${inner}\n${outer}`;
  expect(explainEvaluation(old, ["db"])).toMatchObject(explained);
  const recent = `error:\n${outer}\n${inner}\n error: infinite recursion encountered\n`;
  expect(explainEvaluation(recent, ["db"])).toMatchObject(explained);
});

test("an error of no machine is nobody's", () => {
  expect(explainEvaluation("error: out of memory", ["web"])).toBeUndefined();
});
