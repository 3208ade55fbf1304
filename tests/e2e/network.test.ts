import { afterAll, beforeAll, expect, test } from "vitest";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import { Project } from "./project.js";

/** The life of one network, step by step; each test goes on from the one before. */
const project = new Project("shop");

const machines = (options: { greeting?: string; db?: string; web?: string; machines?: string } = {}) => `
const shop = new Network("shop", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container() });
const db = shop.machine("db", {
  config: {
    services: { minidb: { enable: true, port: 5432, data: { greeting: ${JSON.stringify(options.greeting ?? "Hello from the database")} } } },
    systemd: { services: { bystander: { wantedBy: ["multi-user.target"], script: "exec sleep infinity" } } },
    ${options.db ?? ""}
  },
});
const web = shop.machine("web", {
  config: {
    services: { miniweb: { enable: true, port: 80, upstream: pulumi.interpolate\`http://\${db.privateAddress}:5432/greeting\` } },
    ${options.web ?? ""}
  },
});
${options.machines ?? ""}
export const url = pulumi.interpolate\`http://\${web.address}/upstream\`;
`;

/** A machine that nobody speaks to. */
const ASIDE = `shop.machine("aside", {});`;

beforeAll(async () => {
  project.program(machines());
  await project.init();
});
afterAll(() => project.dispose());

async function machine(name: string): Promise<LabContainer> {
  const found = (await project.resources()).find((each) => each.urn.endsWith(`:Container::shop-${name}`));
  if (!found?.id) throw new Error(`no container ${name}`);
  return containerOf(found.id);
}

const pidOf = async (name: string, unit: string) =>
  (await (await machine(name)).exec(["systemctl", "show", "--value", "--property", "MainPID", unit])).trim();

test("the first preview shows the machines and evaluates their configurations", async () => {
  const result = await project.preview();
  expect(result.output).toContain("shop-db");
  expect(result.output).toContain("shop-web");
  expect(result.exitCode).toBe(0);
  expect(project.evaluations()).toBeGreaterThan(0);
});

test("a misspelt option, a wrong type and a failing assertion fail the preview before anything is created", async () => {
  project.program(
    machines({
      db: `networking: { firewal: { enable: true } },`,
      web: `networking: { firewall: { allowedTCPPorts: ["http"] } },`,
      machines: `shop.machine("aside", { config: { assertions: [{ assertion: false, message: "the moon is full" }] } });`,
    }),
  );
  const result = await project.preview();
  expect(result.output).toMatch(/option networking\.firewal\b.*does not exist/s);
  expect(result.output).toMatch(/option networking\.firewall\.allowedTCPPorts.*not of type/s);
  expect(result.output).toContain("the moon is full");
  for (const name of ["db", "web", "aside"])
    expect(result.output).toMatch(new RegExp(`machine "${name}" \\(index\\.ts:\\d+\\)`));
  expect(result.exitCode).not.toBe(0);
  expect((await project.resources()).length).toBeLessThanOrEqual(1);
});

test("up brings web, which answers with what it fetched from db", async () => {
  project.program(machines({ machines: ASIDE }));
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect(await pageAt((await project.outputs()).url ?? "")).toBe("Hello from the database");
});

test("what a resource keeps of its provider is one tiny text", async () => {
  const inputs = (await project.resources()).map((each) => each.inputs?.__provider).filter((text) => text);
  const systems = inputs.filter((text) => String(JSON.stringify(text)).includes("nixos/provider"));
  expect(new Set(systems.map((text) => JSON.stringify(text))).size).toBe(2); // System and SshKeyPair
  const system = systems.map(String).find((text) => text.includes(".system."));
  expect(system?.length).toBeLessThan(2000);
  expect(system).toMatchSnapshot();
});

test("every machine knows the others by name", async () => {
  const hosts = await (await machine("web")).exec(["cat", "/etc/hosts"]);
  expect(hosts).toMatch(/^\d+\.\d+\.\d+\.\d+ db db\.shop\.internal$/m);
});

test("a second up changes nothing, evaluates nothing and opens no connection", async () => {
  project.evaluations();
  const before = [(await machine("db")).sshAccepted(), (await machine("web")).sshAccepted()];
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect(result.output).toMatch(/\d+ unchanged/);
  expect(result.output).not.toMatch(/\d+ (created|updated|deleted|replaced)/);
  expect(project.evaluations()).toBe(0);
  expect([(await machine("db")).sshAccepted(), (await machine("web")).sshAccepted()]).toEqual(before);
});

test("one changed option shows exactly what changes, and leaves other units running", async () => {
  const bystander = await pidOf("db", "bystander.service");
  const connections = (await machine("db")).sshAccepted();
  project.program(
    machines({
      greeting: "Hello again",
      db: `environment: { systemPackages: [pkgs.hello] },`,
      machines: ASIDE,
    }),
  );
  const preview = await project.preview();
  expect(preview.exitCode, preview.output).toBe(0);
  expect(preview.output).toContain("minidb.service");
  expect(preview.output).toMatch(/\+ *hello/);
  expect(preview.output).toMatch(/units: ~ minidb\.service$/m);
  expect(preview.output).toMatch(/packages: \+ hello 2\.12\.1$/m);
  expect(preview.output).not.toContain("files in /etc:");
  expect(preview.output).not.toMatch(/^\s*[~+-]\s+bystander\.service/m);
  expect(preview.output).not.toContain("shop-web");

  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect(await pageAt((await project.outputs()).url ?? "")).toBe("Hello again");
  expect(await pidOf("db", "bystander.service")).toBe(bystander);
  expect((await machine("db")).sshAccepted() - connections).toBeLessThanOrEqual(2);
});

test("a machine changed by hand is found by refresh and put right by up", async () => {
  const db = await machine("db");
  const system = (await db.exec(["readlink", "-f", "/run/current-system"])).trim();
  const older = (
    await db.exec(["sh", "-c", "ls -d /nix/var/nix/profiles/system-*-link | head -n 1 | xargs readlink -f"])
  ).trim();
  expect(older).not.toBe(system);
  await db.exec([`${older}/bin/switch-to-configuration`, "switch"]);

  const refresh = await project.refresh();
  expect(refresh.exitCode, refresh.output).toBe(0);
  expect(refresh.output).toContain("shop-db");
  expect(refresh.output).toMatch(/1 updated|~ 1/);

  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect((await db.exec(["readlink", "-f", "/run/current-system"])).trim()).toBe(system);
});

test("a replaced host is deployed again, with those who know its address", async () => {
  const before = await machine("db");
  const result = await project.up("--replace", urnOf(await project.resources(), ":Container::shop-db"));
  expect(result.exitCode, result.output).toBe(0);
  const after = await machine("db");
  expect(after.id).not.toBe(before.id);
  expect(await pageAt((await project.outputs()).url ?? "")).toBe("Hello again");
  // Its own container and system are new; of the others, systems alone are updated.
  expect(result.output).toMatch(/2 replaced/);
  expect(result.output).not.toMatch(/Container shop-(web|aside)/);
});

test("a machine taken out of the program is removed, and the rest forgets it", async () => {
  project.program(machines({ greeting: "Hello again" }));
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect((await project.resources()).some((each) => each.urn.includes("aside"))).toBe(false);
  expect(await (await machine("web")).exec(["cat", "/etc/hosts"])).not.toContain("aside");
});

test("destroy finishes while no host can be reached", async () => {
  for (const name of ["db", "web"]) await (await machine(name)).linkDown();
  const result = await project.destroy();
  expect(result.exitCode, result.output).toBe(0);
  expect(await project.resources()).toEqual([]);
});

function urnOf(resources: readonly { urn: string }[], end: string): string {
  return resources.find((each) => each.urn.endsWith(end))?.urn ?? "";
}
