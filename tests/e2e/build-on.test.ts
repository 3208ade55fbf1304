import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment } from "../../tools/setup/env.mjs";
import { keyPair } from "../host/key-pair.js";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { Project } from "./project.js";

const project = new Project("build-on");
let box: LabContainer;

beforeAll(async () => {
  box = await startContainer("build-on");
  await box.exec(["sh", "-c", "echo 'extra-platforms = aarch64-linux' >>/etc/nix/nix.conf"]);
  project.program("");
  await project.init();
  await project.pulumi("config", "set", "--secret", "identity", "--", box.identity);
});

afterAll(async () => {
  await project.dispose();
  await box?.remove();
});

/** One machine on the box, with a file of its own that has to be built. */
function program(args: string, build: string): void {
  project.program(`
const target = existing({ box: { address: "${box.address}", hostKey: "${box.hostKey}", identity: new pulumi.Config().requireSecret("identity") } });
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target });
export const toplevel = net.machine("box", { ${args},
  config: {
    boot: { isContainer: true, loader: { initScript: { enable: true } } },
    networking: { useDHCP: false },
    services: { openssh: { enable: true } },
    environment: { etc: { probe: { source: nix\`pkgs.runCommand "probe" { } "\${str\`${build}\`}"\` } } },
  },
}).toplevel;
`);
}

const isValidHere = (path: string) => {
  try {
    execFileSync("nix-store", ["--check-validity", path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};
const unique = `${process.pid}-${Date.now()}`;

test('buildOn: "target": the machine builds its system, and this computer builds nothing', async () => {
  program('buildOn: "target"', `echo ${unique} > $out`);
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  const { toplevel = "" } = await project.outputs();
  expect(await box.exec(["cat", "/etc/probe"])).toBe(`${unique}\n`);
  expect(await box.exec(["readlink", "-f", "/run/current-system"])).toBe(`${toplevel}\n`);
  expect(isValidHere(toplevel)).toBe(false);
  expect((await project.up()).output).not.toMatch(/\d+ updated/);
});

test("a build that fails there shows the derivation's last log lines and names the machine", async () => {
  program('buildOn: "target"', "echo the reason; exit 3");
  const { exitCode, output } = await project.up();
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/machine "box", phase build: the build failed on box:/);
  expect(output).toContain("the reason");
  expect(await box.exec(["cat", "/etc/probe"])).toBe(`${unique}\n`);
});

test("a system for another processor: the error says what to do, and a builder of nix.conf does it", async () => {
  program('goal: "build", system: "aarch64-linux"', `echo ${unique} for arm > $out`);
  const refused = await project.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(
    /phase build: the build failed: this computer is x86_64-linux and cannot build \S+, which is for aarch64-linux/,
  );
  expect(refused.output).toMatch(/buildOn: "target".*a builder for aarch64-linux in `builders` of nix.conf/);

  const { NIX_CONFIG } = environment();
  const useBuilder = (privateKey: string) => {
    const file = join(project.directory, "builder-key");
    rmSync(file, { force: true });
    writeFileSync(file, privateKey, { mode: 0o600 });
    const hostKey = Buffer.from(box.hostKey).toString("base64");
    const builder = `ssh-ng://root@${box.address} aarch64-linux ${file} 1 1 - - ${hostKey}`;
    project.setEnvironment("NIX_CONFIG", `${NIX_CONFIG}\nbuilders = ${builder}`);
  };
  useBuilder(keyPair().privateKey);
  const unusable = await project.up();
  expect(unusable.output).toMatch(
    /Builders that could not be used:\s+ssh-ng:\/\/root@\S+: .*Permission denied \(/s,
  );

  useBuilder(box.identity);
  const built = await project.up();
  expect(built.exitCode, built.output).toBe(0);
  expect(built.output).toMatch(/building \S+ on ssh-ng:\/\/root@/);
});
