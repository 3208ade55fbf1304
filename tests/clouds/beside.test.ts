import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { account as digitalocean } from "./digitalocean/account.js";
import { account as hcloud } from "./hcloud/account.js";
import { useStandIns } from "./stand-ins.js";

/** What stands beside servers, given or made by the same program: networks, firewalls, addresses, names. */
const project = new Project("beside");
const directory = useStandIns(project, ["digitalocean", "hcloud"]);
const clouds = [digitalocean(directory).cloud, hcloud(directory).cloud];

const program = (serverType: string, stop: string, db: { volume?: string; machine?: string } = {}) =>
  project.program(`
import { digitalocean } from "@firn/digitalocean";
import { hcloud } from "@firn/hcloud";
import * as ocean from "@pulumi/digitalocean";
import * as hetzner from "@pulumi/hcloud";

const lan = new hetzner.Network("lan", { name: "lan", ipRange: "10.7.0.0/16" });
const subnet = new hetzner.NetworkSubnet("lan", {
  networkId: lan.id.apply(Number), type: "cloud", networkZone: "eu-central", ipRange: "10.7.0.0/16",
});
const door = new hetzner.Firewall("door", {
  name: "door", labels: {}, rules: [{ direction: "in", protocol: "tcp", port: "22", sourceIps: ["0.0.0.0/0"] }],
});
const front = new hetzner.FloatingIp("front", { name: "front", type: "ipv4", homeLocation: "fsn1" });
const vpc = new ocean.Vpc("vpc", { name: "own", region: "fra1", ipRange: "10.99.0.0/20" });
const reserved = new ocean.ReservedIp("front", { region: "fra1" });

const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05" });
const web = net.machine("web", {
  target: hcloud({
    serverType: "${serverType}", location: "fsn1", network: subnet.networkId, firewall: door.id.apply(Number),
    floatingIp: front, rdns: "web.example.org", stop: "${stop}",
    transform: {
      server: (args, opts, name) => { args.backups = true; opts.aliases = [{ name: \`former-\${name}\` }]; },
      rdns: { dnsPtr: "www.example.org" },
    },
  }),
});
const db = net.machine("db", {
  target: digitalocean({
    size: "s-1vcpu-1gb", region: "fra1", vpc: vpc.id, reservedIp: reserved, rdns: "db.example.org",
    volumes: { data: { size: 10, mountPoint: "/srv/data", fsType: "btrfs", ${db.volume ?? ""} } },
    transform: { droplet: { monitoring: true }, volume: (args) => { args.description = "of db"; } },
  }),
  config: { environment: { etc: { front: { text: front.ipAddress } } } },
  ${db.machine ?? ""}
});

const zone = new ocean.Domain("zone", { name: "example.org" });
for (const machine of [web, db])
  new ocean.DnsRecord(machine.machineName, { domain: zone.id, type: "A", name: machine.machineName, value: machine.address });
export const addresses = { web: web.address, db: db.address, inside: [web.privateAddress, db.privateAddress] };
`);

const inputsOf = (kind: string) =>
  clouds
    .flatMap((cloud) => cloud.list(kind))
    .sort((a, b) => a.id.localeCompare(b.id))
    .map(({ inputs }) => inputs);
const ids = (kind: string) => clouds.flatMap((cloud) => cloud.list(kind)).map(({ id }) => id);

beforeAll(async () => {
  program("cx23", "never");
  await project.init();
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
});
afterAll(() => project.dispose());

test("networks and firewalls of the program are used, and none is made beside them", async () => {
  expect([inputsOf("Network"), inputsOf("Vpc"), inputsOf("NetworkSubnet")].map((all) => all.length)).toEqual([
    1, 1, 1,
  ]);
  expect(inputsOf("Firewall").map(({ name }) => name)).toEqual(
    expect.arrayContaining(["door", "net-dev-db"]),
  );
  expect(inputsOf("Firewall")).toHaveLength(2);
  const [server] = inputsOf("Server");
  expect(server).toMatchObject({ networks: [{ networkId: Number(ids("Network")[0]) }] });
  expect(server?.firewallIds).toHaveLength(1);
  const { addresses } = (await project.outputs()) as unknown as { addresses: { inside: string[] } };
  expect(addresses.inside[0]).toMatch(/^10\.7\./);
  expect(addresses.inside[1]).toMatch(/^10\.99\./);
});

test("floating and reserved addresses are led to the servers, and go into machines' configuration", async () => {
  expect(inputsOf("FloatingIpAssignment")).toMatchObject([
    { floatingIpId: Number(ids("FloatingIp")[0]), serverId: Number(ids("Server")[0]) },
  ]);
  expect(inputsOf("ReservedIpAssignment")).toMatchObject([
    { ipAddress: ids("ReservedIp")[0], dropletId: Number(ids("Droplet")[0]) },
  ]);
  const front = clouds.flatMap((cloud) => cloud.list("FloatingIp"))[0]?.outputs.ipAddress;
  expect(project.read(".firn/dev/net/web.physical.nix")).toContain(String(front));
  expect(project.read(".firn/dev/net/db.nix")).toContain(String(front));
});

test("names lead to the servers, and addresses back to the names", async () => {
  const { addresses } = (await project.outputs()) as unknown as { addresses: Record<string, string> };
  expect(inputsOf("DnsRecord")).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ domain: "example.org", name: "web", value: addresses.web }),
      expect.objectContaining({ domain: "example.org", name: "db", value: addresses.db }),
    ]),
  );
  expect(inputsOf("Rdns")).toMatchObject([{ ipAddress: addresses.web, dnsPtr: "www.example.org" }]);
  expect(inputsOf("Droplet")).toMatchObject([{ name: "db.example.org" }]);
});

test("transform reaches the raw resources", () => {
  expect(inputsOf("Server")).toMatchObject([{ backups: true }]);
  expect(inputsOf("Droplet")).toMatchObject([{ monitoring: true }]);
  expect(inputsOf("Volume")).toMatchObject([{ description: "of db" }]);
});

test("a server that may not be switched off is not resized, which the preview says", async () => {
  program("cx33", "never");
  const { exitCode, output } = await project.preview();
  expect(exitCode).not.toBe(0);
  expect(output).toContain(
    'machine "web": a change of serverType (cx23 to cx33) would switch it off, and its target says stop: "never".',
  );
  program("cx33", "when-needed");
  const allowed = await project.preview();
  expect(allowed.exitCode, allowed.output).toBe(0);
  expect(allowed.output).toContain("hcloud:index/server:Server: (update)");
});

test("a volume is encrypted with one of the machine's keys, and with no other", async () => {
  const volume = 'luks: { key: "disk" }';
  program("cx23", "never", { volume });
  const without = await project.preview();
  expect(without.exitCode).not.toBe(0);
  expect(without.output).toContain(
    'The volume of /srv/data is encrypted with the key "disk", which this machine does not have.',
  );
  program("cx23", "never", { volume, machine: 'keys: { disk: { text: pulumi.secret("canary") } },' });
  const { exitCode, output } = await project.preview();
  expect(exitCode, output).toBe(0);
  expect(output).toMatch(/units: .*\+ luks-srv-data\.service/);
});
