import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Pin, usePin } from "@firn/nix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { FileServer } from "./file-server.js";
import { output, run, TestNetwork } from "./network.js";

/** Taking over a flake's machines: a flake in git, whose inputs are flakes, parts of flakes, and plain files. */
let net: TestNetwork;
let flake: string;

const git = (...args: string[]) =>
  run("git", ["-C", flake, "-c", "user.name=Firn", "-c", "user.email=firn@example.org", ...args]);
const pins = (reference = flake) =>
  new Map<string, Pin>([
    ["nixpkgs", { kind: "path", path: NIXPKGS }],
    ["own", { kind: "flake", reference }],
  ]);
const web = { pin: "own", configuration: "web" };
const evaluate = async (expression: string) => JSON.parse(await output("nix-instantiate", nix(expression)));
const nix = (expression: string) => [
  "--eval",
  "--strict",
  "--json",
  "--read-write-mode",
  "--expr",
  expression,
];

beforeAll(async () => {
  net = new TestNetwork("flakes");
  flake = join(net.root, "flake");
  net.write("inputs/words/flake.nix", '{ outputs = { self }: { word = "input"; }; }');
  net.write("inputs/texts/motd", "Welcome\n");
  net.write(
    "inputs/greeter/flake.nix",
    '{ inputs.words = { }; outputs = { self, words }: { module.environment.etc.greeting.text = "hello ${words.word}"; }; }',
  );
  net.write(
    "flake/part/flake.nix",
    '{ outputs = { self }: { module.networking.domain = "part.example"; }; }',
  );
  net.write(
    "flake/flake.nix",
    `{
      inputs = {
        nixpkgs.url = "path:${NIXPKGS}";
        greeter = { url = "path:${net.root}/inputs/greeter"; inputs.words.follows = "words"; };
        words.url = "path:${net.root}/inputs/words";
        texts = { url = "path:${net.root}/inputs/texts"; flake = false; };
        part.url = "path:./part";
      };
      outputs = { self, nixpkgs, greeter, texts, part, ... }: {
        nixosConfigurations.web = nixpkgs.lib.nixosSystem {
          system = "x86_64-linux";
          specialArgs = { inherit self; };
          modules = [
            greeter.module
            part.module
            ({ pkgs, ... }: {
              boot = { isContainer = true; loader.initScript.enable = true; };
              system.stateVersion = "26.05";
              environment.etc = {
                motd.source = "\${texts}/motd";
                self.source = "\${self}/flake.nix";
                revision.text = "\${self.rev or self.dirtyRev or "none"} \${self.lastModifiedDate} \${nixpkgs.narHash}";
              };
            })
          ];
        };
      };
    }`,
  );
  await run("git", ["init", "--quiet", flake]);
  await git("add", ".");
  await run("nix", ["flake", "lock", flake]);
  await git("add", ".");
  await git("commit", "--quiet", "--message", "One");
});
afterAll(() => net.dispose());

const drvPath = "nixosConfigurations.web.config.system.build.toplevel.drvPath";

test("a taken over flake is what Nix makes of it, committed or not", async () => {
  const equal = async () => {
    const { local, portable } = await usePin({ kind: "flake", reference: flake });
    const ours = await evaluate(`${local}.${drvPath}`);
    expect(ours).toBe(await evaluate(`${portable}.${drvPath}`));
    expect(ours).toBe(await evaluate(`(builtins.getFlake "git+file://${flake}").${drvPath}`));
    return ours;
  };
  const committed = await equal();
  net.write("flake/new", "");
  await git("add", ".");
  expect(await equal()).not.toBe(committed);
  await git("commit", "--quiet", "--message", "Two");
});

test("the machine has all that its flake says, and what Firn adds", async () => {
  const config = { networking: { hostName: "web" }, environment: { etc: { more: { text: "more" } } } };
  const { evaluated, nix: names } = await net.evaluate({ web: { ...web, config } }, { pins: pins() });
  expect(names).toEqual(["web"]);
  expect(evaluated.get("web")?.toplevel).toMatch(/^\/nix\/store\//);
  const etc = await evaluate(
    `let c = (import ${net.root}/.firn/test/net { }).web.config; in [ c.networking.domain c.environment.etc.greeting.text c.environment.etc.more.text (builtins.readFile c.environment.etc.motd.source) ]`,
  );
  expect(etc).toEqual(["part.example", "hello input", "more", "Welcome\n"]);
  // What builds without Firn is the same machine.
  const rendered = `(import ${net.root}/.firn/test/net { }).web.config.system.build.toplevel.drvPath`;
  expect(await evaluate(rendered)).toBe(evaluated.get("web")?.drvPath);
});

test("an input that is no nixpkgs counts for the cache like any other", async () => {
  const machines = { web, other: {} };
  await net.evaluate(machines, { pins: pins() });
  expect((await net.evaluate(machines, { pins: pins() })).nix).toEqual([]);
  net.write("inputs/words/flake.nix", '{ outputs = { self }: { word = "changed"; }; }');
  expect((await net.evaluate(machines, { pins: pins() })).nix, "the lock file pins the old one").toEqual([]);
  rmSync(join(flake, "flake.lock"));
  await run("nix", ["flake", "lock", flake]);
  expect((await net.evaluate(machines, { pins: pins() })).nix).toEqual(["web"]);
});

test("an input that is gone is an error where it is used, and nowhere else", async () => {
  const lock = readFileSync(join(flake, "flake.lock"), "utf8");
  const broken = JSON.parse(lock);
  broken.nodes.texts.locked.path = `${net.root}/inputs/gone`;
  broken.nodes.texts.locked.narHash = `sha256-${"A".repeat(43)}=`;
  broken.nodes.texts.original.path = `${net.root}/inputs/gone`;
  const source = readFileSync(join(flake, "flake.nix"), "utf8");
  net.write("flake/flake.lock", JSON.stringify(broken));
  net.write("flake/flake.nix", source.replace("inputs/texts", "inputs/gone"));
  await expect(net.evaluate({ web }, { pins: pins() })).rejects.toThrow(
    /input texts of the flake: .*inputs\/gone could not be fetched/,
  );
  net.write("flake/flake.nix", source.replace("inputs/texts", "inputs/gone").replace(/motd.source.*/, ""));
  await net.evaluate({ web }, { pins: pins() });
  net.write("flake/flake.lock", lock);
  net.write("flake/flake.nix", source);
});

test("a lock file that does not pin every input is an error that says what to run", async () => {
  net.write(
    "unlocked/flake.nix",
    `{ inputs.words.url = "path:${net.root}/inputs/words"; outputs = _: { }; }`,
  );
  const reference = `path:${net.root}/unlocked`;
  await expect(net.evaluate({ web }, { pins: pins(reference) })).rejects.toThrow(
    `flake.lock of the flake ${reference} does not pin all of its inputs. Run \`nix flake lock\` there.`,
  );
  expect(existsSync(join(net.root, "unlocked", "flake.lock"))).toBe(false);
});

test("a flake somewhere else that no revision or hash pins is warned of", async () => {
  net.write("served/source/flake.nix", "{ outputs = _: { nixosModules.empty = { }; }; }");
  await run("tar", [
    "-C",
    join(net.root, "served"),
    "-czf",
    join(net.root, "served/source.tar.gz"),
    "source",
  ]);
  const server = await FileServer.start(join(net.root, "served"));
  try {
    const reference = `${server.url}/source.tar.gz`;
    const machines = { a: { modules: [{ pin: "own", attribute: ["nixosModules", "empty"] }] } };
    const [warning] = (await net.evaluate(machines, { pins: pins(reference) })).warnings;
    expect(warning).toContain(`the flake ${reference} is not pinned`);
    const pinned = /Today it is (\S+):/.exec(warning ?? "")?.[1] ?? "";
    expect((await net.evaluate(machines, { pins: pins(pinned) })).warnings).toEqual([]);
  } finally {
    await server.stop();
  }
});
