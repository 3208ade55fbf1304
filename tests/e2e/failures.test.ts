import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { Project } from "./project.js";

const project = new Project("trouble");
const network = (body: string) => `
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
${body}
`;

beforeAll(async () => {
  project.program(network(""));
  await project.init();
});
afterAll(() => project.dispose());

async function machine(name: string): Promise<LabContainer> {
  const found = (await project.resources()).find((each) => each.urn.endsWith(`:Container::net-${name}`));
  return containerOf(found?.id ?? "");
}

const TWO = network(`
net.machine("a", { config: { environment: { etc: { probe: { text: "one" } } } } });
net.machine("b", { config: { environment: { etc: { probe: { text: "one" } } } } });`);

test("with one machine unreachable the other is deployed, and the next up finishes the first", async () => {
  project.program(TWO);
  expect((await project.up()).exitCode).toBe(0);
  await (await machine("a")).linkDown();

  project.program(TWO.replaceAll('"one"', '"two"'));
  const failed = await project.up("--continue-on-error");
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/machine "a", phase connect/);
  expect(await (await machine("b")).exec(["cat", "/etc/probe"])).toBe("two");

  await (await machine("a")).linkUp();
  const finished = await project.up();
  expect(finished.exitCode, finished.output).toBe(0);
  expect(await (await machine("a")).exec(["cat", "/etc/probe"])).toBe("two");
});

test("a host that cannot be made is absent from the others' hosts, and said so", async () => {
  project.program(
    TWO.replaceAll('"one"', '"two"') +
      `net.machine("c", { target: container({ image: "/nonexistent-image" }) });`,
  );
  const failed = await project.up("--continue-on-error");
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toContain("c has no host, so the other machines' hosts do not name it yet");
  expect(await (await machine("a")).exec(["cat", "/etc/hosts"])).not.toMatch(/ c\b/m);

  project.program(`${TWO.replaceAll('"one"', '"two"')}net.machine("c", {});`);
  const finished = await project.up();
  expect(finished.exitCode, finished.output).toBe(0);
  expect(await (await machine("a")).exec(["cat", "/etc/hosts"])).toMatch(/ c\b/m);
});

test("a build failure shows the derivation's last log lines and harms nobody", async () => {
  const broken = `nix\`pkgs.runCommand "broken" { } "echo the reason; exit 3"\``;
  project.program(TWO.replaceAll('"one"', '"three"').replace('{ text: "three" }', `{ source: ${broken} }`));
  const failed = await project.up("--continue-on-error");
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/machine "a", phase build: the build failed/);
  expect(failed.output).toContain("the reason");
  expect(await (await machine("a")).exec(["cat", "/etc/probe"])).toBe("two");
  expect(await (await machine("b")).exec(["cat", "/etc/probe"])).toBe("three");

  project.program(TWO.replaceAll('"one"', '"three"'));
  const finished = await project.up();
  expect(finished.exitCode, finished.output).toBe(0);
});

test("a full disk on the machine is said, and the next run goes on", async () => {
  const a = await machine("a");
  const big = `nix\`pkgs.runCommand "big" { } "head -c 40000000 /dev/zero > $out"\``;
  project.program(TWO.replaceAll('"one"', '"four"').replace('{ text: "four" }', `{ source: ${big} }`));
  const free = await a.fillDisk(20_000_000);
  const failed = await project.up("--continue-on-error");
  await free();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/machine "a", phase copy: .*(disk is full|No space left)/s);
  const finished = await project.up();
  expect(finished.exitCode, finished.output).toBe(0);
});

afterEach(async () => {
  // Whatever happened, the state is one that Pulumi reads.
  await project.resources();
});
