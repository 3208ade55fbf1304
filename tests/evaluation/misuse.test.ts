import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";

/** What JavaScript has and Nix has not: one program, one preview, each mistake told with its option and line. */
const project = new Project("misuse");

interface Misuse {
  readonly what: string;
  readonly machine: string;
  /** Arguments of the machine; `// HERE` ends the line of the value, `// HERE` and the machine's name one that is elsewhere. */
  readonly args: string;
  readonly option: string;
  readonly message: RegExp;
}

/** Found in the values that a machine is given. */
const VALUES: readonly Misuse[] = [
  {
    what: "undefined",
    machine: "undefined",
    args: `config: { networking: {
      domain: undefined, // HERE
    } }`,
    option: "networking.domain",
    message: /is undefined\. Leave the name out/,
  },
  {
    what: "NaN, in a function",
    machine: "nan",
    args: `config: web(
      Number("eighty"), // HERE
    )`,
    option: "services.miniweb.port",
    message: /is NaN\. Nix numbers are finite/,
  },
  {
    what: "a function where none can be",
    machine: "function",
    args: `config: { services: { miniweb: {
      enable: () => true, // HERE
    } } }`,
    option: "services.miniweb.enable",
    message: /is the function enable\. For a Nix function write fn/,
  },
  {
    what: "a symbol in a list",
    machine: "symbol",
    args: `config: { environment: { systemPackages: [
      pkgs.hello,
      Symbol("vim"), // HERE
    ] } }`,
    option: "environment.systemPackages[1]",
    message: /is Symbol\(vim\)\. Give a string/,
  },
  {
    what: "a symbol as a name",
    machine: "named",
    args: `config: {
      networking: { [Symbol("domain")]: "x" }, // HERE
    }`,
    option: "networking",
    message: /is an object with the key Symbol\(domain\)\. Nix attribute names are strings/,
  },
  {
    what: "a cycle",
    machine: "cycle",
    args: `config: {
      environment: { etc: { a: { text: "a" }, b: cycle } },
    }`,
    option: "environment.etc.b.self",
    message: /is part of itself \(a cycle\)\. Nix values are trees/,
  },
  {
    what: "an instance of a class of the program's",
    machine: "instance",
    args: `config: { services: { minidb: { data: {
      shop: new Shop(), // HERE
    } } } }`,
    option: "services.minidb.data.shop",
    message: /is an instance of Shop\. Give plain values/,
  },
  {
    what: "a date, inside of lib.mkForce",
    machine: "date",
    args: `config: { services: { minidb: { data: lib.mkForce({
      started: new Date(0), // HERE
    }) } } }`,
    option: "services.minidb.data.started",
    message: /is an instance of Date\. Give it as text: date\.toISOString/,
  },
  {
    what: "a map, in a module function",
    machine: "map",
    args: `modules: [() => ({ services: { minidb: { data:
      new Map([["a", 1]]), // HERE
    } } })]`,
    option: "services.minidb.data",
    message: /is an instance of Map\. Give an object: Object\.fromEntries/,
  },
  {
    what: "a secret",
    machine: "secretive",
    args: `config: { services: { minidb: { data: { password:
      pulumi.secret("hunter2"), // HERE
    } } } }`,
    option: "services.minidb.data.password",
    message: /is a secret.*keys: \{ "password": \{ text: secret \} \}/s,
  },
];

/** Found where the program does it: such a program ends there, so each is caught and told. */
const USES: readonly Misuse[] = [
  {
    what: "an expression in a plain template literal",
    machine: "template",
    args: `config: { systemd: { services: { greet: {
      script: \`\${pkgs.hello}/bin/hello\`, // HERE
    } } } }`,
    option: "systemd.services.greet.script",
    message: /pkgs\.hello was used as a JavaScript string or number\..*put it into str`…`/,
  },
  {
    what: "an expression in an addition, in lib.mkIf",
    machine: "added",
    args: `config: lib.mkIf(true, { services: { miniweb: {
      port: config.services.minidb.port + 1, // HERE
    } } })`,
    option: "services.miniweb.port",
    message: /config\.services\.minidb\.port was used as a JavaScript string or number/,
  },
  {
    what: "an expression that is spread",
    machine: "spread",
    args: `config: { environment: { systemPackages: [
      ...config.environment.systemPackages, // HERE
    ] } }`,
    option: "environment.systemPackages[0]",
    message: /was spread or looped over/,
  },
  {
    what: "an expression given to JSON.stringify, in a module",
    machine: "json",
    args: `modules: ["./own.nix", { environment: { etc: { a: { text:
      JSON.stringify({ host: config.networking.hostName }), // HERE
    } } } }]`,
    option: "environment.etc.a.text",
    message: /was given to JSON\.stringify/,
  },
  {
    what: "Nix text that is none",
    machine: "syntax",
    args: `config: { networking: {
      domain: nix\`{ a = 1; \`, // HERE
    } }`,
    option: "networking.domain",
    message: /Nix text: /,
  },
];

const HEADER = `import { config } from "@firn/nixos";
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
class Shop { readonly name = "shop"; }
const cycle: Record<string, unknown> = {}; // HERE cycle
cycle.self = cycle;
const web = (port: number) => ({ services: { miniweb: { enable: true, port } } });
function attempt(run: () => void) {
  try { run(); } catch (error) { console.log("caught: " + (error as Error).message); }
}
`;

let output = "";
let exitCode = 0;
let program: readonly string[] = [];

beforeAll(async () => {
  project.write("own.nix", "{ }\n");
  const values = VALUES.map(({ machine, args }) => `net.machine("${machine}", {\n${args} });`);
  const uses = USES.map(({ machine, args }) => `attempt(() => net.machine("${machine}", {\n${args} }));`);
  // Used further away: the variable leads to the option.
  const greeting = `attempt(() => {
    const greeting = \`hello from \${config.networking.hostName}\`; // HERE far
    net.machine("far", { config: { users: { motd: greeting } } });
  });`;
  project.program(`${HEADER}${[...values, ...uses, greeting].join("\n")}\n`);
  program = project.read("index.ts").split("\n");
  await project.init();
  ({ output, exitCode } = await project.preview());
});
afterAll(() => project.dispose());

/** Lines, counted from 1, that a machine begins on and that are marked in it. */
function linesOf(machine: string): { first: number; here: number } {
  const first = program.findIndex((line) => line.includes(`net.machine("${machine}"`));
  const elsewhere = program.findIndex((line) => line.endsWith(`// HERE ${machine}`));
  const inside = program.findIndex((line, index) => index > first && line.endsWith("// HERE"));
  const here = elsewhere < 0 ? inside : elsewhere;
  return { first: first + 1, here: here + 1 };
}

test.each(VALUES)("$what: machine, option and line", ({ machine, option, message }) => {
  const { first, here } = linesOf(machine);
  const start = output.indexOf(
    `machine "${machine}" (index.ts:${first}), option ${option}: its configuration cannot be written as Nix`,
  );
  expect(start, output).toBeGreaterThanOrEqual(0);
  const end = output.indexOf("written:", start);
  expect(output.slice(start, end)).toMatch(message);
  expect(output.slice(end).split("\n")[0]).toBe(`written: index.ts:${here}`);
});

test.each(USES)("$what: line and option", ({ machine, option, message }) => {
  const { here } = linesOf(machine);
  const module = machine === "json" ? "module 2, " : "";
  const line = output.split("\n").find((each) => each.includes(`of machine "${machine}": `));
  expect(line, output).toContain(
    `caught: index.ts:${here}: ${module}option ${option} of machine "${machine}": `,
  );
  expect(line).toMatch(message);
});

test("a use far away from the machine names its option all the same", () => {
  const line = program.findIndex((each) => each.endsWith("// HERE far")) + 1;
  expect(output).toMatch(
    new RegExp(
      `index\\.ts:${line}: option users\\.motd of machine "far": The Nix expression config\\.networking\\.hostName`,
    ),
  );
});

test("one run tells all of them, without a stack, and shows no secret", () => {
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(
    new RegExp(
      `The configurations of ${VALUES.map(({ machine }) => machine).join(", ")} cannot be written as Nix`,
    ),
  );
  expect(output).not.toMatch(/\n\s+at .*(node_modules|\.ts)/);
  expect(output).not.toContain("hunter2");
});

test("a use that nobody catches ends the program with the same message, and no stack", async () => {
  project.program(`${HEADER}
net.machine("web", { config: { users: {
  motd: \`\${pkgs.hello}\`,
} } });`);
  const result = await project.preview();
  expect(result.exitCode).not.toBe(0);
  const line =
    project
      .read("index.ts")
      .split("\n")
      .findIndex((each) => each.includes("motd")) + 1;
  expect(result.output).toContain(
    `error: index.ts:${line}: option users.motd of machine "web": The Nix expression pkgs.hello was used as a JavaScript string`,
  );
  expect(result.output).not.toMatch(/\n\s+at /);
});
