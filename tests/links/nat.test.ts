import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { type LabContainer, startContainer } from "../lab/lab.js";
import { capture } from "./capture.js";
import { linkImage } from "./image.js";
import { type NatRouter, putBehindNat } from "./nat.js";

/** Two machines behind different NATs, a gateway that both reach, and a laptop that Firn does not manage. */
const project = new Project("links-nat");
const CANARY = "canary-behind-the-nat";
let gate: LabContainer;
let home: LabContainer;
let office: LabContainer;
let laptop: LabContainer;
let routers: NatRouter[] = [];

const program = (gateAddress: string) => `
const identities = new pulumi.Config().requireSecretObject("identities");
const host = (name, args) => ({ ...args, identity: identities.apply((all) => all[name]) });
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", defaults: { config: {
  boot: { isContainer: true, loader: { initScript: { enable: true } } },
  networking: { useDHCP: false },
  services: { openssh: { enable: true, startWhenNeeded: false } },
} }, target: existing({
  gate: host("gate", { address: "${gateAddress}", hostKey: "${gate.hostKey}", privateNetwork: "bridge" }),
  home: host("home", { address: "${routers[0]?.address}", port: 2222, hostKey: "${home.hostKey}", privateAddress: "${home.address}", privateNetwork: "home", behindNat: true }),
  office: host("office", { address: "${routers[1]?.address}", port: 2222, hostKey: "${office.hostKey}", privateAddress: "${office.address}", privateNetwork: "office", behindNat: true }),
}) });
const gate = net.machine("gate");
const home = net.machine("home");
const office = net.machine("office", { config: {
  services: { minidb: { enable: true, port: 80, data: { greeting: "${CANARY}" } } },
  networking: { firewall: { interfaces: { firn0: { allowedTCPPorts: [80] } } } },
} });
net.hub(gate);
net.link(home, office);
const laptop = peer({ name: "laptop" });
net.link(gate, laptop);
export const laptopConfig = laptop.clientConfig;
export const office4 = office.privateAddress;
export const gate4 = gate.privateAddress;
`;

beforeAll(async () => {
  const image = await linkImage();
  const started = ["nat-gate", "nat-home", "nat-office", "nat-laptop"].map((name) =>
    startContainer(name, image),
  );
  [gate, home, office, laptop] = (await Promise.all(started)) as [
    LabContainer,
    LabContainer,
    LabContainer,
    LabContainer,
  ];
  routers = [await putBehindNat(home, 0), await putBehindNat(office, 1)];
  project.program(program(gate.address));
  await project.init();
  const identities = JSON.stringify({ gate: gate.identity, home: home.identity, office: office.identity });
  await project.pulumi("config", "set", "--secret", "identities", "--", identities);
});
afterAll(async () => {
  await project.dispose();
  await Promise.all(routers.map((router) => router.remove()));
  await Promise.all([gate, home, office, laptop].map((each) => each?.remove()));
});

const run = (machine: LabContainer, script: string) => machine.exec(["sh", "-c", script]);
const page = (host: string) => `busybox wget -q -T 5 -O - http://${host}/greeting`;

/** Runs a script until it succeeds; tunnels come up with the first packet. */
async function eventually(machine: LabContainer, script: string): Promise<string> {
  for (let attempts = 0; ; attempts += 1) {
    const result = await run(machine, script).catch((error) => error as Error);
    if (typeof result === "string") return result;
    if (attempts === 20) throw result;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test("the preview says that two machines behind NAT meet through the gateway", async () => {
  const result = await project.preview();
  expect(result.exitCode, result.output).toBe(0);
  expect(result.output).toContain(
    "home and office are both behind NAT: what they say to each other goes through gate.",
  );
});

test("after one up they reach each other by name, and nobody on the way reads a word", async () => {
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  const bridge = await capture();
  expect(await eventually(home, page("office"))).toContain(CANARY);
  const seen = await bridge.stop();
  expect(seen.length).toBeGreaterThan(500);
  expect(seen.includes(CANARY)).toBe(false);
  // The gateway passes packets on and sees addresses inside the tunnels only.
  expect(await run(gate, "wg show firn0 latest-handshakes")).toMatch(/(\t[1-9]\d+\n.*){2}/s);
});

test("a laptop takes part with the configuration that the stack made for it", async () => {
  const { laptopConfig = "", gate4 = "" } = await project.outputs();
  await run(
    laptop,
    `umask 077; mkdir -p /etc/wireguard; cat >/etc/wireguard/firn.conf <<'END'\n${laptopConfig}END`,
  );
  await run(laptop, "WG_QUICK_USERSPACE_IMPLEMENTATION=wireguard-go wg-quick up firn 2>&1");
  expect(await eventually(laptop, `busybox ping -c 1 -W 1 ${gate4}`)).toContain("1 packets received");
  expect(await run(gate, "cat /etc/hosts")).toMatch(/ laptop laptop\.net\.internal$/m);
});

test("with another key the laptop is refused", async () => {
  const { gate4 = "" } = await project.outputs();
  await run(laptop, "wg genkey >/run/other.key; wg set firn private-key /run/other.key");
  await expect(run(laptop, `busybox ping -c 2 -W 1 ${gate4}`)).rejects.toThrow();
});

test("one end that is down does not keep the others from each other, and comes back by itself", async () => {
  const { gate4 = "" } = await project.outputs();
  await run(office, "ip link set dev eth0 down");
  expect(await run(home, `busybox ping -c 1 -W 2 ${gate4}`)).toContain("1 packets received");
  await run(office, "ip link set dev eth0 up");
  expect(await eventually(home, page("office"))).toContain(CANARY);
});

test("a machine that moves keeps its addresses inside the tunnels, and its peers follow", async () => {
  const before = await project.outputs();
  const moved = gate.address.replace(/\.\d+\.\d+$/, (end) => `.${Number(end.split(".")[1]) + 3}.210`);
  await run(gate, `ip address del ${gate.address}/22 dev eth0 && ip address add ${moved}/22 dev eth0`);
  project.program(program(moved));
  const result = await project.up();
  expect(result.exitCode, result.output).toBe(0);
  expect((await project.outputs()).gate4).toBe(before.gate4);
  expect(await run(home, "wg show firn0 endpoints")).toContain(`\t${moved}:51820`);
  expect(await eventually(home, page("office"))).toContain(CANARY);
});
