import { afterAll, beforeAll, expect, test } from "vitest";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { Project } from "./project.js";

const project = new Project("existing");
let host: LabContainer;
let other: LabContainer;

const program = (hostKey: string) => `
const hosts = existing({ web: { address: "${host.address}", hostKey: "${hostKey}", identity: new pulumi.Config().requireSecret("identity") } });
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: hosts });
net.machine("web", {
  config: {
    boot: { isContainer: true, loader: { initScript: { enable: true } } },
    networking: { useDHCP: false },
    services: { openssh: { enable: true } },
    environment: { etc: { probe: { text: "here" } } },
  },
});
`;

beforeAll(async () => {
  [host, other] = await Promise.all([startContainer("existing-a"), startContainer("existing-b")]);
  project.program(program(host.hostKey));
  await project.init();
  await project.pulumi("config", "set", "--secret", "identity", "--", host.identity);
});
afterAll(async () => {
  await project.dispose();
  await Promise.all([host?.remove(), other?.remove()]);
});

test("a wrong host key is refused with both fingerprints, and nothing is deployed", async () => {
  project.program(program(other.hostKey));
  const result = await project.up();
  expect(result.exitCode).not.toBe(0);
  expect(result.output).toMatch(/machine "web", phase connect/);
  const fingerprints = new Set(result.output.match(/SHA256:[A-Za-z0-9+/]{43}/g));
  expect(fingerprints.size).toBe(2);
  expect(await host.exec(["sh", "-c", "ls /etc/probe 2>&1 || true"])).toContain("No such file");
});

test("a host that Pulumi did not make is deployed to by its pinned key, and left alone by destroy", async () => {
  project.program(program(host.hostKey));
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect(await host.exec(["cat", "/etc/probe"])).toBe("here");
  expect(JSON.stringify(await project.resources())).not.toContain("BEGIN OPENSSH PRIVATE KEY");

  const destroyed = await project.destroy();
  expect(destroyed.exitCode, destroyed.output).toBe(0);
  expect(await host.exec(["cat", "/etc/probe"])).toBe("here");
});
