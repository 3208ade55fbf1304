import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { containerOf, type LabContainer } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import { linkImage } from "./image.js";

/** Two linked machines and one that is not, from the first preview to the end of the link; each test goes on from the one before. */
const project = new Project("links");
let image = "";

const program = (options: { link?: string; db?: string } = {}) => `
const shop = new Network("shop", { nixpkgs: NIXPKGS, stateVersion: "26.05", target: container({ image: ${JSON.stringify(image)} }) });
const db = shop.machine("db", {
  config: {
    services: { minidb: { enable: true, port: 5432, data: { greeting: "canary-of-the-database" } } },
    networking: { firewall: { interfaces: { firn0: { allowedTCPPorts: [5432] } } } },
  },
  ${options.db ?? ""}
});
const web = shop.machine("web", {
  config: {
    services: { miniweb: { enable: true, port: 80, upstream: pulumi.interpolate\`http://\${db.privateAddress}:5432/greeting\` } },
    networking: { firewall: { allowedTCPPorts: [80] } },
  },
});
shop.machine("other");
${options.link ?? "shop.link(web, db);"}
export const address = db.privateAddress;
export const url = pulumi.interpolate\`http://\${web.address}/upstream\`;
`;

beforeAll(async () => {
  image = await linkImage();
  project.program(program());
  await project.init();
});
afterAll(() => project.dispose());

async function machine(name: string): Promise<LabContainer> {
  const found = (await project.resources()).find((each) => each.urn.endsWith(`:Container::shop-${name}`));
  if (!found?.id) throw new Error(`no container ${name}`);
  return containerOf(found.id);
}

const inside = async (name: string, script: string) => (await machine(name)).exec(["sh", "-c", script]);

/** What `script` ends with on a machine: its output, or `failed`. */
const attempt = (name: string, script: string) => inside(name, `{ ${script}; } 2>/dev/null || echo failed`);

const upstream = async () => {
  const { url = "" } = await project.outputs();
  return pageAt(url);
};

test("the first preview knows the addresses inside the tunnels", async () => {
  const result = await project.preview();
  expect(result.output).toMatch(/address\s*: "100\.\d+\.\d+\.\d+"/);
  expect(result.output).toContain("firn:WireguardKeyPair");
  expect(result.exitCode).toBe(0);
});

test("one up, and web reads from db through the tunnel", async () => {
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect(await upstream()).toBe("canary-of-the-database");
  expect(await inside("web", "wg show firn0 latest-handshakes")).toMatch(/\t[1-9]\d+$/m);
});

test("linked machines know each other's names by their addresses there, the third by those outside", async () => {
  const { address = "" } = await project.outputs();
  const hosts = await inside("web", "cat /etc/hosts");
  expect(hosts).toContain(`${address} db db.shop.internal`);
  expect(hosts).toMatch(/^fd\S+ db db\.shop\.internal$/m);
  expect(hosts).toMatch(/^198\.\S+ other other\.shop\.internal$/m);
  const outside = await inside("other", "cat /etc/hosts");
  expect(outside).toContain(`${(await machine("db")).address} db db.shop.internal`);
});

test("the service is open inside the tunnel only, and the tunnel to its peers only", async () => {
  const { address = "" } = await project.outputs();
  const db = (await machine("db")).address;
  const get = (host: string) => `busybox wget -q -T 2 -O - http://${host}:5432/greeting`;
  expect(await attempt("web", get(address))).toContain("canary-of-the-database");
  expect(await attempt("web", get(db))).toContain("failed");
  expect(await attempt("other", get(address))).toContain("failed");
  expect(await inside("db", "iptables -S nixos-fw")).toContain(
    `-s ${(await machine("web")).address}/32 -p udp -m udp --dport 51820 -j nixos-fw-accept`,
  );
});

test("the private key is in no Nix store, and nobody but root and networkd's group reads it", async () => {
  expect((await inside("db", "stat -c '%a %U %g' /var/lib/firn-link/firn0.key")).trim()).toBe("440 root 152");
  const key = (await inside("db", "cat /var/lib/firn-link/firn0.key")).trim();
  expect(await attempt("db", `grep -rqF '${key}' /nix/store && echo found`)).toContain("failed");
});

test("a reboot brings the tunnel back without a deployment", async () => {
  const db = await machine("db");
  const before = db.bootId();
  await db.exec(["systemctl", "reboot"]).catch(() => "");
  while (db.bootId() === before) await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await upstream()).toBe("canary-of-the-database");
});

test("another key is taken into use under a running transfer, which goes on", async () => {
  const { address = "" } = await project.outputs();
  const ping = inside("web", `busybox ping -i 0.2 -c 100000 -W 1 ${address} >/run/ping 2>&1 & echo $!`);
  const pid = (await ping).trim();
  const before = await inside("web", "wg show firn0 peers");
  project.program(program({ db: "link: { keyRotation: 1 }," }));
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect(await upstream()).toBe("canary-of-the-database");
  await inside("web", `kill -INT ${pid}; sleep 1; tail -n 3 /run/ping`);
  const after = await inside("web", "wg show firn0 peers");
  expect(after.trim().split("\n")).toHaveLength(1);
  expect(after).not.toBe(before);
  // Replies are numbered: the longest row that is missing tells how long nothing came through.
  const numbers = [...(await inside("web", "cat /run/ping")).matchAll(/seq=(\d+)/g)].map(([, n]) =>
    Number(n),
  );
  const gaps = numbers.slice(1).map((n, index) => n - (numbers[index] ?? n) - 1);
  expect(Math.max(...gaps) * 0.2).toBeLessThan(6);
});

test("without the link, interface, rules and names are gone from both ends", async () => {
  project.program(program({ link: "" }));
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  for (const name of ["web", "db"]) {
    expect(await attempt(name, "ip link show firn0")).toContain("failed");
    expect(await inside(name, "cat /etc/hosts")).not.toContain("100.");
    expect(await inside(name, "iptables -S nixos-fw")).not.toContain("51820");
    expect(await attempt(name, "ls /var/lib/firn-link/firn0.key")).toContain("failed");
  }
});
