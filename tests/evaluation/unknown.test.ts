import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";

/** The first preview of a program that uses an address everywhere: nobody knows it yet. */
const project = new Project("unknown");

interface Case {
  readonly what: string;
  readonly machine: string;
  /** Arguments of the machine. `address`, `count` and `on` are not known. */
  readonly args: string;
  /** What the preview says of the machine; nothing where all is well. */
  readonly warning?: RegExp;
  readonly error?: RegExp;
}

const CASES: readonly Case[] = [
  {
    what: "a condition",
    machine: "condition",
    args: `config: { networking: lib.mkIf(on, { domain: "a.example" }) }`,
  },
  {
    what: "a condition around everything",
    machine: "around",
    args: `config: lib.mkIf(on, { networking: { domain: "a.example" } })`,
  },
  {
    what: "a condition and its opposite, which never hold both",
    machine: "opposite",
    args: `config: lib.mkMerge([
      lib.mkIf(on, { networking: { domain: "a.example" } }),
      lib.mkIf(op.not(on), { networking: { domain: "b.example" } }),
    ])`,
  },
  {
    what: "two conditions, which may hold both or not",
    machine: "two",
    args: `config: lib.mkMerge([
      lib.mkIf(on, { networking: { domain: "a.example" } }),
      lib.mkIf(nix\`\${count} == 7\`, { networking: { domain: "b.example" } }),
    ])`,
    warning:
      /not checked in this preview: .*networking\.domain fails, but that depends on them: .*conflicting/,
  },
  {
    what: "a mistake that no condition excuses",
    machine: "mistaken",
    args: `config: { networking: lib.mkIf(on, { domian: "a.example" }) }`,
    error: /The option `networking\.domian' does not exist/,
  },
  {
    what: "a mistake beside",
    machine: "beside",
    args: `config: { networking: { domain: address, firewall: { enable: "yes" } } }`,
    error: /networking\.firewall\.enable' is not of type `boolean'/,
  },
  {
    what: "a number in an expression",
    machine: "number",
    args: `config: { services: { miniweb: { port: nix\`\${count} + 1\` } } }`,
  },
  {
    what: "a number out of a string",
    machine: "parsed",
    args: `config: { services: { miniweb: { port: nix\`lib.toInt "\${address}"\` } } }`,
  },
  {
    what: "an argument of a function",
    machine: "argument",
    args: `config: { networking: { domain: lib.toUpper(address) } }`,
  },
  {
    what: "a list on a condition, and an element",
    machine: "list",
    args: `config: { networking: { firewall: { allowedTCPPorts: op.concat([count], lib.optionals(on, [80])) } } }`,
  },
  {
    what: "a part of a string",
    machine: "text",
    args: `config: { services: { miniweb: { upstream: str\`http://\${address}:80/\` } } }`,
  },
  {
    what: "a priority",
    machine: "priority",
    args: `config: { networking: { domain: lib.mkOverride(count, "a.example") } }`,
  },
  {
    what: "a range, and what stands in freeform settings",
    machine: "range",
    args: `modules: ["./range.nix"], config: { range: { level: count, settings: { a: { b: count } } } }`,
  },
  {
    what: "Nix text of an option set",
    machine: "set",
    args: `config: { services: nix\`{ miniweb = { enable = true; port = \${count}; }; }\` }`,
    warning:
      /not checked in this preview: services\.miniweb\.port needs a value that is known after provisioning/,
  },
  {
    what: "Nix text that is a module",
    machine: "module",
    args: `modules: [nix\`{ services.miniweb = { enable = true; port = \${count}; }; }\`]`,
    warning: /not checked in this preview: services\.miniweb\.port needs a value/,
  },
  {
    what: "an argument of modules",
    machine: "special",
    args: `specialArgs: { port: count }, modules: [nix\`{ port, ... }: { services.miniweb = { enable = true; inherit port; }; }\`]`,
    warning: /not checked in this preview: services\.miniweb\.port needs a value/,
  },
  {
    what: "an assertion",
    machine: "assertion",
    args: `config: { assertions: [{ assertion: nix\`\${count} == 7\`, message: "it is not seven" }] }`,
    // Newer versions of Nix quote what stands for the value.
    warning: /not checked in this preview: .*(that depends on them|that is known after provisioning)/,
  },
];

const RANGE = `{ lib, ... }: {
  options.range.level = lib.mkOption { type = lib.types.ints.between 10 20; };
  options.range.settings = lib.mkOption {
    type = lib.types.submodule { freeformType = lib.types.attrsOf (lib.types.attrsOf lib.types.int); };
  };
}`;

const HEADER = `import { op } from "@firn/nixos";
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
const { address } = net.machine("db");
const count = address.apply((text) => text.length);
const on = address.apply((text) => text.startsWith("10."));
`;

let output = "";
let exitCode = 0;

beforeAll(async () => {
  project.write("range.nix", RANGE);
  const machines = CASES.map(({ machine, args }) => `net.machine("${machine}", { ${args} });`);
  project.program(`${HEADER}${machines.join("\n")}\n`);
  await project.init();
  ({ output, exitCode } = await project.preview());
});
afterAll(() => project.dispose());

/** What was said of a machine, at once or as a doubt. */
function said(machine: string): { level: "error" | "warning"; text: string } | undefined {
  const found = new RegExp(
    `(error|warning): machine "${machine}" [\\s\\S]*?(?=\\n\\s*\\n|\\n\\s+(?:error|warning):|$)`,
  ).exec(output);
  return found ? { level: found[1] as "error", text: found[0] } : undefined;
}

test.each(CASES)("$what", ({ machine, warning, error }) => {
  const found = said(machine);
  expect(found?.level, output).toBe(error ? "error" : warning ? "warning" : undefined);
  if (warning ?? error) expect(found?.text).toMatch(warning ?? (error as RegExp));
});

test("only what is certain ends the preview", () => {
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/The configurations of mistaken, beside cannot be evaluated/);
});

test("a condition counts for what option() tells", async () => {
  project.program(`${HEADER}
net.machine("asked", { config: { networking: lib.mkIf(on, { domain: "a.example" }) } }).option("networking.domain");`);
  const asked = await project.preview();
  expect(asked.output).toMatch(
    /option networking\.domain of machine "asked" depends on networking, which is only known/,
  );
  expect(asked.exitCode).not.toBe(0);
});
