import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { Project } from "./project.js";

/** What must hold before a system is confirmed; each test goes on from the one before. */
const project = new Project("health");
const other = new Project("other");
let web: LabContainer;

interface Options {
  readonly text?: string;
  readonly machine?: string;
  readonly network?: string;
  readonly services?: string;
}

const program = ({ text = "one", machine = "", network = "", services = "" }: Options = {}) => `
const hosts = existing({ web: { address: "${web.address}", hostKey: "${web.hostKey}", identity: new pulumi.Config().requireSecret("identity") } });
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: hosts, ${network} });
net.machine("web", {
  ${machine}
  config: {
    boot: { isContainer: true, loader: { initScript: { enable: true } } },
    networking: { useDHCP: false },
    services: { openssh: { enable: true }, miniweb: { enable: true, port: 80, text: "${text}" } },
    systemd: { services: { ${services} } },
  },
});
`;

const CHECKS = `healthChecks: [
    { http: { path: "/health" }, retries: 2, interval: 1 },
    { name: "the page", http: { url: pulumi.interpolate\`http://\${"localhost"}/\`, body: "one", from: "machine" }, retries: 1, interval: 1 },
    { tcp: { port: 22 } },
    { tcp: { port: 80, from: "machine" } },
    { command: ["test", "-e", "/run/current-system"] },
    { units: ["miniweb.service", "sshd.service"] },
  ],`;

beforeAll(async () => {
  web = await startContainer("health");
  for (const each of [project, other]) {
    each.program("");
    await each.init();
    await each.pulumi("config", "set", "--secret", "identity", "--", web.identity);
  }
});
afterAll(async () => {
  await Promise.all([project.dispose(), other.dispose()]);
  await web?.remove();
});

const runs = async () => (await web.exec(["readlink", "-f", "/run/current-system"])).trim();

async function up(text: string): Promise<string> {
  project.program(text);
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  return result.output;
}

test("checks of every kind hold, and the machine is confirmed", async () => {
  await up(program({ machine: CHECKS }));
  expect(await runs()).toContain("nixos-system-web");
});

test("changing a check alone deploys nothing; the network's checks count where a machine has none", async () => {
  const accepted = web.sshAccepted();
  expect(await up(program({ network: CHECKS }))).not.toMatch(/\d+ updated/);
  expect(web.sshAccepted()).toBe(accepted);
});

test("a check that fails takes the machine back, and is named with what it saw", async () => {
  const before = await runs();
  const broken = `wrong: { wantedBy: ["multi-user.target"], script: "exec sleep infinity" }`;
  project.program(
    program({
      text: "two",
      services: broken,
      machine: CHECKS.replace(
        "{ tcp: { port: 22 } }",
        `{ tcp: { port: 81 }, retries: 0 }, { command: ["sh", "-c", "echo the disk is slow; exit 3"], retries: 0 }`,
      ),
    }),
  );
  const failed = await project.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/machine "web", phase activate: web was rolled back and runs \/nix\/store/);
  expect(failed.output).toContain("health check failed: the page, tcp port 81, command sh -c echo the disk");
  expect(failed.output).toMatch(
    /health check "the page" failed after 2 attempts in \d s: http:\/\/localhost\/ answered without "one":\s+two/,
  );
  expect(failed.output).toMatch(/health check "tcp port 81" failed: [\d.]+ port 81: connection refused/);
  expect(failed.output).toMatch(/exit code 3\s+the disk is slow/);
  expect(await runs()).toBe(before);
});

test("failed units follow the policy of their pattern, and what passes is shown as a warning", async () => {
  const failing = (name: string) =>
    `"${name}": { wantedBy: ["multi-user.target"], script: "echo no luck for ${name}; exit 1" },`;
  const before = await runs();
  const policy = `failedUnits: { "nightly-*.service": "warn", "nightly-noise.service": "ignore" },`;
  project.program(program({ machine: policy, services: failing("nightly-one") + failing("grave") }));
  const failed = await project.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toContain("units failed: grave.service");
  expect(failed.output).toContain("no luck for grave");
  expect(await runs()).toBe(before);

  const output = await up(
    program({ machine: policy, services: failing("nightly-one") + failing("nightly-noise") }),
  );
  expect(output).toMatch(/warning: failed units: nightly-one\.service\n/);
  expect(output).toContain("no luck for nightly-one");
  expect(output).not.toMatch(/failed units: .*noise/);
});

test("a second deployer is told who holds the machine", async () => {
  const wait = `healthChecks: [{ command: ["test", "-e", "/run/go"], retries: 200, interval: 0.2 }],`;
  project.program(program({ text: "three", machine: wait }));
  const first = project.up();
  while ((await web.exec(["sh", "-c", "cat /run/firn/last/phase"])).trim() !== "waiting")
    await new Promise((resolve) => setTimeout(resolve, 100));
  other.program(program({ text: "four" }));
  const second = await other.up();
  await web.exec(["touch", "/run/go"]);
  expect(second.exitCode).not.toBe(0);
  expect(second.output).toMatch(
    /web is held by a deployment of \S+@\S+ since 20\d\d-.*Z \(waiting\)\. Run again/,
  );
  const result = await first;
  expect(result.exitCode, result.output).toBe(0);
});

test("what is no check is refused in the preview, with its line", async () => {
  project.program(program({ machine: `healthChecks: [{ http: { port: 0 } }],` }));
  const preview = await project.preview();
  expect(preview.exitCode).not.toBe(0);
  expect(preview.output).toMatch(/machine "web" \(index\.ts:\d+\): healthChecks\[0\]: 0 is no port number/);
});
