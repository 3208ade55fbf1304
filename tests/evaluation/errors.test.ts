import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { TELL_LOADED } from "../e2e/typescript/loaded.js";

/** One program, one preview: each machine has another error, and each is told. */
const project = new Project("evaluation-errors");

interface Mistake {
  readonly what: string;
  readonly machine: string;
  /**
   * Arguments of the machine, in TypeScript. Lines that end in `// HERE` are where the value was written, and those of the
   * whole program that end in it and the machine's name.
   */
  readonly args: string;
  /** Option that the message names. */
  readonly option?: string;
  readonly reason: RegExp;
  /** File that the message points at, and the text on its line; default: the machine's own. */
  readonly rendered?: string;
  readonly on?: string;
  readonly hint: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  {
    what: "a misspelt option",
    machine: "misspelt",
    args: `config: {
      networking: {
        firewal: { enable: true }, // HERE
      },
    }`,
    option: "networking.firewal",
    reason: /The option `networking\.firewal' does not exist/,
    on: "networking.firewal.enable = true;",
    hint: /Check the spelling/,
  },
  {
    what: "a value of another type, from a function",
    machine: "mistyped",
    args: `config: {
      ...firewall("no"),
      networking: lib.mkIf(true, firewall(
        "yes", // HERE
      ).networking),
    }`,
    option: "networking.firewall.enable",
    reason: /is not of type `boolean'.*In `\.firn\/dev\/net\/mistyped\.nix'/s,
    on: 'firewall.enable = "yes";',
    hint: /Give true or false/,
  },
  {
    what: "an element of another type",
    machine: "elementary",
    args: `config: { networking: { firewall: { allowedTCPPorts: [
      80,
      "https", // HERE
    ] } } }`,
    option: 'networking.firewall.allowedTCPPorts."[definition 1-entry 2]"',
    reason: /is not of type `16 bit unsigned integer/,
    on: "networking.firewall.allowedTCPPorts",
    hint: /Give a value of that type/,
  },
  {
    what: "conflicting definitions",
    machine: "conflicting",
    args: `config: lib.mkMerge([
      { networking: { domain: "one.example" } }, // HERE
      { networking: { domain: "two.example" } }, // HERE
    ])`,
    option: "networking.domain",
    reason: /conflicting definition values.*one\.example.*two\.example/s,
    on: "networking.domain",
    hint: /lib\.mkForce.*lib\.mkDefault/,
  },
  {
    what: "a value that depends on itself",
    machine: "recursive",
    args: `config: {
      networking: { domain: config.networking.domain }, // HERE
    }`,
    option: "networking.domain",
    reason: /infinite recursion encountered/,
    on: "networking.domain = config.networking.domain;",
    hint: /A value depends on itself/,
  },
  {
    what: "a package that is not there",
    machine: "lacking",
    args: `config: { environment: { systemPackages: [
      pkgs.hello,
      pkgs.helo, // HERE
    ] } }`,
    option: "environment.systemPackages",
    reason: /attribute 'helo' missing/,
    on: "environment.systemPackages = [ pkgs.hello pkgs.helo ];",
    hint: /misspelt, or this nixpkgs does not have it/,
  },
  {
    what: "an attribute of the configuration that is not there, in a module function",
    machine: "modular",
    args: `modules: [({ config, lib }) => ({
      environment: { etc: { a: { text:
        str\`domain \${config.networking.dommain}\`, // HERE
      } } },
    })]`,
    option: "environment.etc.a.text",
    reason: /attribute 'dommain' missing/,
    rendered: "modular.module-1.nix",
    on: 'environment.etc.a.text = "domain ${config.networking.dommain}";',
    hint: /misspelt/,
  },
  {
    what: "a number in a string",
    machine: "coerced",
    args: `config: { environment: { etc: { a: {
      text: nix\`"port \${config.services.miniweb.port}"\`, // HERE
    } } } }`,
    option: "environment.etc.a.text",
    reason: /cannot coerce an integer to a string/,
    on: "environment.etc.a.text =",
    hint: /toString/,
  },
  {
    what: "a failed assertion of the program's own",
    machine: "contradictory",
    args: `config: { assertions: [
      { assertion: true, message: "the sun shines" },
      { assertion: false, message: "the moon is full" }, // HERE
    ] }`,
    option: "assertions",
    reason: /Failed assertions:\s+- the moon is full/,
    on: 'message = "the moon is full";',
    hint: /contradicts itself/,
  },
  {
    what: "a failed assertion of NixOS, about an option that the program sets",
    machine: "asserted",
    args: `config: {
      users: { users: { alice: { uid: 7 } } }, // HERE
    }`,
    option: "users.users.alice",
    reason: /Failed assertions:\s+- .*alice/,
    on: "users.users.alice.uid = 7;",
    hint: /contradicts itself/,
  },
  {
    what: "an unfree package",
    machine: "unfree",
    args: `config: { environment: { systemPackages: [
      pkgs.hello,
      pkgs["hello-unfree"], // HERE
    ] } }`,
    option: "environment.systemPackages",
    reason: /has an unfree license/,
    on: "environment.systemPackages = [ pkgs.hello pkgs.hello-unfree ];",
    hint: /allowUnfree: true/,
  },
  {
    what: "an insecure package",
    machine: "insecure",
    args: `config: { environment: { systemPackages: lib.mkForce([
      insecure,
    ]) } }`,
    option: "environment.systemPackages",
    reason: /hello-2\.12\.1’ .*is marked as insecure.*CVE-0/s,
    on: "(pkgs.hello.overrideAttrs",
    hint: /permittedInsecurePackages: \["hello-2\.12\.1"\]/,
  },
  {
    what: "a read outside the project",
    machine: "reading",
    args: `config: {
      networking: { domain: nix("builtins.readFile /etc/hostname") }, // HERE
    }`,
    option: "networking.domain",
    reason: /access to (absolute )?path '\/etc\/hostname' is forbidden in restricted mode/,
    on: "networking.domain = builtins.readFile /etc/hostname;",
    hint: /move the file into the project/,
  },
  {
    what: "a mistake in a module of the project's own",
    machine: "own",
    args: `modules: ["./own.nix"]`,
    reason: /attribute 'nothing' missing/,
    option: "networking.domain",
    rendered: "own.nix",
    on: "networking.domain = config.networking.nothing;",
    hint: /misspelt/,
  },
];

const HEADER = `import { config, fn } from "@firn/nixos";
const firewall = (enable: unknown) => ({ networking: { firewall: { enable } } });
const insecure = pkgs.hello.overrideAttrs(fn(() => ({ meta: { knownVulnerabilities: ["CVE-0"] } }))); // HERE insecure
const net = new Network("net", {
  nixpkgs: NIXPKGS,
  stateVersion: "26.05",
  target: container(),
});
`;

/** A network whose machines share a mistake. */
const SHARED = `
const base = {
  networking: { domain: 5 }, // HERE shared
};
const other = new Network("other", {
  nixpkgs: NIXPKGS,
  stateVersion: "26.05",
  target: container(),
  defaults: { config: { ...base } },
});
other.machine("shared");
`;

let output = "";
let exitCode = 0;
let program: readonly string[] = [];

beforeAll(async () => {
  project.write("own.nix", "{ config, ... }:\n{\n  networking.domain = config.networking.nothing;\n}\n");
  const machines = MISTAKES.map(({ machine, args }) => `net.machine("${machine}", {\n  ${args},\n});`);
  project.program(`${HEADER}${machines.join("\n")}\nnet.machine("sound");\n${SHARED}${TELL_LOADED}`);
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

/** Lines of the program, counted from 1, that belong to a machine. */
function linesOf(machine: string): { first: number; here: number[] } {
  const first = program.findIndex((each) => each.startsWith(`net.machine("${machine}"`));
  const length = program.slice(first).indexOf("});");
  const here = program.flatMap((line, index) => {
    const within = index > first && index < first + length && line.endsWith("// HERE");
    return within || line.endsWith(`// HERE ${machine}`) ? [index + 1] : [];
  });
  return { first: first + 1, here };
}

test.each(MISTAKES)("$what: machine, lines, option, reason, file and hint", (mistake) => {
  const message = messageOf(mistake.machine);
  const { first, here } = linesOf(mistake.machine);
  expect(message).toContain(`machine "${mistake.machine}" (index.ts:${first})`);
  if (mistake.option) expect(message).toContain(`, option ${mistake.option}: `);
  expect(message).toMatch(mistake.reason);
  const written = here.map((line) => `index.ts:${line}`).join(", ");
  expect(/^ *written: (.*)$/m.exec(message)?.[1] ?? "").toBe(written);
  const [, file, line] = /^ *(?:rendered|module): ([^:\n]*):(\d+)/m.exec(message) ?? [];
  expect(file, message).toBe(
    mistake.machine === "own" ? "own.nix" : `.firn/dev/net/${mistake.rendered ?? `${mistake.machine}.nix`}`,
  );
  expect(project.read(file ?? "").split("\n")[Number(line) - 1]).toContain(mistake.on);
  expect(message).toMatch(mistake.hint);
});

test("a mistake in what all machines share points at the defaults of the network", () => {
  const message = messageOf("shared");
  const written = program.findIndex((line) => line.endsWith("// HERE shared")) + 1;
  expect(message).toContain(", option networking.domain: ");
  expect(message).toContain(`written: index.ts:${written}\n`);
  expect(message).toMatch(/rendered: \.firn\/dev\/other\/defaults\.nix:\d+/);
});

test("one run tells all of them, and the sound machine is none", () => {
  expect(exitCode).not.toBe(0);
  expect(output).not.toContain('machine "sound" (');
  const names = MISTAKES.map(({ machine }) => machine);
  const summary = /The configurations of (.*) cannot be evaluated; see above/.exec(output)?.[1];
  expect(summary?.split(", ").sort()).toEqual(names.toSorted());
});

test("the program's source is read when there is an error", () => {
  expect(output).toMatch(/files of ts-morph: [1-9]/);
});

test("messages are for people: no trace of Nix, no stack of Node, no absolute paths of the project", () => {
  for (const { machine } of MISTAKES) {
    const message = messageOf(machine);
    expect(message).not.toMatch(/… while|while evaluating|--show-trace/);
    expect(message).not.toMatch(/\n\s+at .*node_modules/);
    expect(message).not.toContain(project.directory);
    expect(message.split("\n").length).toBeLessThan(25);
  }
});
