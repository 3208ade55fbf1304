import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";

/** One program, one preview: each machine has another error, and each is told. */
const project = new Project("evaluation-errors");

interface Mistake {
  readonly what: string;
  readonly machine: string;
  /** `config` of the machine, in TypeScript; on the line below the machine's name. */
  readonly config: string;
  /** Option that the message names. */
  readonly option?: string;
  readonly reason: RegExp;
  /** File that the message points at. */
  readonly rendered: string;
  readonly hint: RegExp;
}

const own = (machine: string) => `.firn/dev/net/${machine}.nix`;

const MISTAKES: readonly Mistake[] = [
  {
    what: "a misspelt option",
    machine: "misspelt",
    config: `{ networking: { firewal: { enable: true } } }`,
    option: "networking.firewal",
    reason: /The option `networking\.firewal' does not exist/,
    rendered: own("misspelt"),
    hint: /Check the spelling/,
  },
  {
    what: "a value of another type",
    machine: "mistyped",
    config: `{ networking: { firewall: { enable: "yes" } } }`,
    option: "networking.firewall.enable",
    reason: /is not of type `boolean'/,
    rendered: own("mistyped"),
    hint: /Give a value of that type/,
  },
  {
    what: "conflicting definitions",
    machine: "conflicting",
    config: `lib.mkMerge([{ networking: { domain: "one.example" } }, { networking: { domain: "two.example" } }])`,
    option: "networking.domain",
    reason: /conflicting definition values.*one\.example.*two\.example/s,
    rendered: own("conflicting"),
    hint: /lib\.mkForce/,
  },
  {
    what: "a value that depends on itself",
    machine: "recursive",
    config: `{ networking: { domain: config.networking.domain } }`,
    option: "networking.domain",
    reason: /infinite recursion encountered/,
    rendered: own("recursive"),
    hint: /A value depends on itself/,
  },
  {
    what: "a package that is not there",
    machine: "lacking",
    config: `{ environment: { systemPackages: [pkgs.helo] } }`,
    reason: /attribute 'helo' missing/,
    rendered: own("lacking"),
    hint: /misspelt, or this nixpkgs does not have it/,
  },
  {
    what: "a failed assertion",
    machine: "contradictory",
    config: `{ assertions: [{ assertion: false, message: "the moon is full" }] }`,
    reason: /Failed assertions:\s+- the moon is full/,
    rendered: own("contradictory"),
    hint: /contradicts itself/,
  },
  {
    what: "an unfree package",
    machine: "unfree",
    config: `{ environment: { systemPackages: [pkgs["hello-unfree"]] } }`,
    reason: /has an unfree license/,
    rendered: own("unfree"),
    hint: /allowUnfree: true/,
  },
  {
    what: "an insecure package",
    machine: "insecure",
    config: `{ environment: { systemPackages: [pkgs.hello.overrideAttrs(fn(() => ({ meta: { knownVulnerabilities: ["CVE-0"] } })))] } }`,
    reason: /hello-2\.12\.1’ .*is marked as insecure.*CVE-0/s,
    rendered: own("insecure"),
    hint: /permittedInsecurePackages/,
  },
  {
    what: "a read outside the project",
    machine: "reading",
    config: `{ networking: { domain: nix("builtins.readFile /etc/hostname") } }`,
    option: "networking.domain",
    reason: /access to (absolute )?path '\/etc\/hostname' is forbidden in restricted mode/,
    rendered: own("reading"),
    hint: /move the file into the project/,
  },
];

const HEADER = `import { config, fn } from "@firn/nixos";
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
`;

let output = "";
let exitCode = 0;
let program: readonly string[] = [];

beforeAll(async () => {
  const machines = MISTAKES.map(
    ({ machine, config }) => `net.machine("${machine}", {\n  config: ${config},\n});`,
  );
  project.program(`${HEADER}${machines.join("\n")}\nnet.machine("sound");\n`);
  program = project.read("index.ts").split("\n");
  await project.init();
  ({ output, exitCode } = await project.preview());
});
afterAll(() => project.dispose());

/** What was said of one machine. */
function messageOf(machine: string): string {
  const start = output.indexOf(`machine "${machine}" (`);
  expect(start, output).toBeGreaterThanOrEqual(0);
  const end = output.slice(start).search(/\n\s*hint: .*/);
  expect(end, output.slice(start)).toBeGreaterThan(0);
  return output.slice(start, output.indexOf("\n", start + end + 1));
}

test.each(MISTAKES)("$what: machine, line, option, reason, file and hint", (mistake) => {
  const message = messageOf(mistake.machine);
  const line = program.findIndex((each) => each.startsWith(`net.machine("${mistake.machine}"`)) + 1;
  expect(message).toContain(`machine "${mistake.machine}" (index.ts:${line})`);
  if (mistake.option) expect(message).toContain(`, option ${mistake.option}: `);
  expect(message).toMatch(mistake.reason);
  expect(message).toMatch(new RegExp(`rendered: ${mistake.rendered.replaceAll(".", "\\.")}`));
  expect(message).toMatch(mistake.hint);
});

test("one run tells all of them, and the sound machine is none", () => {
  expect(exitCode).not.toBe(0);
  expect(output).not.toContain('machine "sound" (');
  const names = MISTAKES.map(({ machine }) => machine);
  const summary = /The configurations of (.*) cannot be evaluated; see above/.exec(output)?.[1];
  expect(summary?.split(", ").sort()).toEqual(names.toSorted());
});

test("messages are for people: no trace of Nix, no stack of Node, no store paths of Firn's own files", () => {
  for (const { machine } of MISTAKES) {
    const message = messageOf(machine);
    expect(message).not.toMatch(/… while|while evaluating|--show-trace/);
    expect(message).not.toMatch(/\n\s+at .*node_modules/);
    expect(message.split("\n").length).toBeLessThan(25);
  }
});
