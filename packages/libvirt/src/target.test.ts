// The built package: what is serialized into users' state is compiled text, not this source.
import { find, type LibvirtArgs, libvirt, readXml } from "@firn/libvirt";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { type MadeResource, machinesOf, mockResources, provisioned } from "../../nixos/src/testing/target.js";
import type { XmlElement } from "./xml/element.js";
import { printXml } from "./xml/print.js";

let made: MadeResource[];

beforeAll(async () => {
  made = await mockResources(({ inputs }) =>
    inputs.mac === undefined ? { capacity: inputs.capacity } : { address: "10.83.12.2" },
  );
});
beforeEach(() => {
  made.length = 0;
});

const make = (args: Partial<LibvirtArgs> = {}, machine = machinesOf()("web")) =>
  provisioned(
    libvirt({ uri: "qemu:///system", image: "images/debian.qcow2", ...args }).provision(machine, {}),
    made,
  );
const kinds = () => made.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
const inputsOf = (name: string, kind = "LibvirtVolume") =>
  made.find((each) => each.type.endsWith(`:${kind}`) && each.name === name)?.inputs ?? {};

test("a machine is a domain with its disk and its seed, in a network and from an image that others share", async () => {
  const machine = machinesOf();
  const host = await make({}, machine("web"));
  await make({ memory: 512 }, machine("db"));
  expect(host).toMatchObject({
    address: "10.83.12.2",
    privateAddress: "10.83.12.2",
    privateNetwork: "libvirt/shop-prod",
    behindNat: true,
    hostKey: "ssh-ed25519 LASTING",
    temporaryHostKey: "ssh-ed25519 TEMPORARY",
  });
  expect(kinds()).toEqual([
    "LibvirtDomain shop-db",
    "LibvirtDomain shop-web",
    "LibvirtNetwork shop",
    "LibvirtVolume shop-db",
    "LibvirtVolume shop-db-seed",
    expect.stringMatching(/^LibvirtVolume shop-debian-[0-9a-f]{6}$/),
    "LibvirtVolume shop-web",
    "LibvirtVolume shop-web-seed",
  ]);
  expect(inputsOf("shop-web", "LibvirtDomain")).toMatchObject({
    name: "shop-prod-web",
    memory: 1024,
    mac: expect.stringMatching(/^52:54:00(:[0-9a-f]{2}){3}$/),
    acceleration: "kvm-or-emulation",
    direct: true,
  });
});

test("the providers in the state are five calls into the package each", async () => {
  await make();
  for (const kind of ["LibvirtDomain", "LibvirtNetwork", "LibvirtVolume"])
    expect(made.find(({ type }) => type.endsWith(kind))?.inputs.__provider).toMatchSnapshot(kind);
});

test("the domain is what libvirt's format says, and transform has the last word", async () => {
  await make({
    volumes: { data: { size: 5, mountPoint: "/srv/data" } },
    mounts: { "/srv/src": { source: "/home/me/src" } },
    transform: {
      domain: (xml) => void find(xml, "devices")?.children.push(readXml("<watchdog model='i6300esb'/>")),
    },
  });
  const { definition } = inputsOf("shop-web", "LibvirtDomain");
  expect(printXml(definition as XmlElement)).toMatchSnapshot();
  expect(inputsOf("shop-web-data")).toMatchObject({ capacity: 5 * 2 ** 30, domain: "shop-prod-web" });
});

test("the seed carries the temporary host key, and is a secret", async () => {
  await make();
  const seed = JSON.stringify(inputsOf("shop-web-seed").seed);
  expect(seed).toContain("PRIVATE TEMPORARY");
  expect(seed).not.toContain("LASTING");
});

test("a network of the host's own gives an address, or the machine gives itself one", async () => {
  const bridged = await make({ network: "lan", address: "192.168.1.10/24", gateway: "192.168.1.1" });
  expect(bridged).toMatchObject({ privateNetwork: "libvirt/lan", behindNat: false });
  expect(bridged.module).toMatch(/address = "192\.168\.1\.10";\s*prefixLength = 24;/);
  expect(kinds().filter((kind) => kind.startsWith("LibvirtNetwork"))).toEqual([]);
});

test("a host that is far is part of the names, and its machines are reached through it", async () => {
  const far = await make({ uri: "qemu+ssh://root@lab.example.org/system", network: { mode: "isolated" } });
  expect(far.privateNetwork).toMatch(
    /^libvirt\/lab\.example\.org\/shop-prod-lab-example-org-isolated-[0-9a-f]{6}$/,
  );
  expect(kinds()).toContain("LibvirtNetwork shop-lab.example.org-isolated");
  expect(inputsOf("shop-web", "LibvirtDomain")).toMatchObject({ direct: false });
});

test("arguments that cannot be meant are refused with what they may be", () => {
  const refused = (args: Partial<LibvirtArgs>) => () => libvirt({ image: "debian.qcow2", ...args });
  expect(refused({ memory: 1.5 })).toThrow(
    "libvirt({ memory: 1.5 }): it is a whole number of MiB, at least 64.",
  );
  expect(refused({ uri: "qemu:///session" })).toThrow("a session has no networks");
  expect(refused({ address: "10.0.0.300" })).toThrow("it is an address of IPv4");
  expect(refused({ address: "10.0.0.3/24" })).toThrow("the network that Firn makes gives addresses by DHCP");
  expect(refused({ network: { subnet: "10.0.0.0" } })).toThrow("is no subnet");
  expect(refused({ volumes: { "a b": { size: 1, mountPoint: "/srv" } } })).toThrow("at most 20 letters");
  expect(refused({ mounts: { "/srv": { source: "src" } } })).toThrow(`"src" is no absolute path`);
});

test("programs that have no types are told that an image is wanted", () => {
  expect(() => libvirt({} as LibvirtArgs)).toThrow(
    /^libvirt\(\{ image \}\): machines start from a cloud image/,
  );
  expect(() => (libvirt as () => unknown)()).toThrow(/^libvirt\(\{ image \}\)/);
});
