import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { account as digitalocean } from "../clouds/digitalocean/account.js";
import { account as hcloud } from "../clouds/hcloud/account.js";
import type { Properties } from "../clouds/plugin/schema.js";
import { useStandIns } from "../clouds/stand-ins.js";
import { Project } from "../e2e/project.js";
import { readPage } from "../e2e/typescript/page.js";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import { NIXPKGS } from "../mini-nixos/evaluate.js";

/** docs/how-to/encrypted-links.md, "Two clouds": one network on two clouds, whose private networks do not meet. */
const page = readPage(fileURLToPath(new URL("../../docs/how-to/encrypted-links.md", import.meta.url)));
const program = page.snippets.find((text) => text.includes("@firn/hcloud")) ?? "";
const project = new Project("two-clouds");
const directory = useStandIns(project, ["digitalocean", "hcloud"]);
const clouds = { db: digitalocean(directory).cloud, web: hcloud(directory).cloud };

const machine = (name: keyof typeof clouds): LabContainer => {
  const [server] = clouds[name].list(name === "db" ? "Droplet" : "Server");
  return containerOf(server?.hidden.machine ?? "");
};
const inside = (name: keyof typeof clouds, script: string) => machine(name).exec(["sh", "-c", script]);

/** Where the clouds' firewalls let UDP 51820 in from. */
function doors(): unknown[] {
  const [ours, theirs] = [clouds.db, clouds.web].map((cloud) => cloud.list("Firewall")[0]?.inputs ?? {});
  const rules = [...((ours?.inboundRules ?? []) as Properties[]), ...((theirs?.rules ?? []) as Properties[])];
  return rules
    .filter(({ portRange, port }) => (portRange ?? port) === "51820")
    .map(({ sourceAddresses, sourceIps }) => sourceAddresses ?? sourceIps);
}

beforeAll(async () => {
  project.write("index.ts", program.replace('{ flake: "." }', JSON.stringify({ path: NIXPKGS })));
  await project.init();
});
afterAll(() => project.dispose());

test("the first preview has the port in both clouds' firewalls, beside the tunnel", async () => {
  const { exitCode, output } = await project.preview();
  expect(exitCode, output).toBe(0);
  // The addresses of the two are not known yet.
  expect(output).toMatch(/portRange *: "51820"\s+protocol *: "udp"\s+sourceAddresses: \[unknown\]/);
  expect(output).toMatch(/port *: "51820"\s+protocol *: "udp"\s+sourceIps *: \[unknown\]/);
});

test("one up, and web reads from db by name, through the tunnel between the two public addresses", async () => {
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
  const { url = "" } = await project.outputs();
  expect(await pageAt(url)).toBe("Hello");
  expect(await inside("web", "wg show firn0 latest-handshakes")).toMatch(/\t[1-9]\d+$/m);
  expect(await inside("web", "wg show firn0 endpoints")).toContain(`${machine("db").address}:51820`);
  expect(
    await inside("web", "busybox ip route get $(busybox sed -n 's/ db .*//p' /etc/hosts | head -n 1)"),
  ).toContain("dev firn0");
});

test("packets fit through Hetzner's private networks, too", async () => {
  // 1450 bytes there, less WireGuard's 80, on both ends of the link.
  for (const name of ["web", "db"] as const)
    expect(await inside(name, "cat /sys/class/net/firn0/mtu")).toBe("1370\n");
});

test("the port is open to the other machine only, on the clouds and on the machines", async () => {
  expect(doors()).toEqual([[machine("web").address], [`${machine("db").address}/32`]]);
  expect(await inside("db", "iptables -S nixos-fw")).toContain(
    `-s ${machine("web").address}/32 -p udp -m udp --dport 51820 -j nixos-fw-accept`,
  );
  const outside = `busybox wget -q -T 2 -O - http://${machine("db").address}:5432/greeting || echo refused`;
  expect(await inside("web", outside)).toContain("refused");
});
