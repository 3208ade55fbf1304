import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { domainDefinition } from "../../packages/libvirt/src/domain/definition.js";
import { domain } from "../../packages/libvirt/src/domain/domain.provider.js";
import type { DomainInputs, DomainOutputs } from "../../packages/libvirt/src/domain/inputs.js";
import { networkDefinition } from "../../packages/libvirt/src/network/definition.js";
import {
  type NetworkInputs,
  type NetworkOutputs,
  network,
} from "../../packages/libvirt/src/network/network.provider.js";
import { macOf, type Owner } from "../../packages/libvirt/src/owner.js";
import { type SnapshotInputs, snapshot } from "../../packages/libvirt/src/snapshot.provider.js";
import type { VolumeInputs, VolumeOutputs } from "../../packages/libvirt/src/volume/inputs.js";
import { volume } from "../../packages/libvirt/src/volume/volume.provider.js";
import { type Libvirtd, startLibvirtd } from "../lab/libvirtd.js";

/** What needs a libvirt daemon, and no machine that boots; each test goes on from the one before. */
let lab: Libvirtd;
let pool: string;
const MIB = 2 ** 20;
const owner: Owner = { project: "p", stack: "dev", network: "shop", deployPublicKey: "ssh-ed25519 DEPLOY" };
const stranger: Owner = { ...owner, deployPublicKey: "ssh-ed25519 ANOTHER" };

beforeAll(async () => {
  lab = await startLibvirtd();
  pool = await lab.pool("default");
});
afterAll(() => lab?.stop());

const networkInputs = (more: Partial<NetworkInputs> = {}): NetworkInputs => ({
  uri: lab.uri,
  name: "shop-dev",
  owner,
  definition: networkDefinition("shop-dev", "shop", "isolated"),
  ...more,
});
const volumeInputs = (more: Partial<VolumeInputs> = {}): VolumeInputs => ({
  uri: lab.uri,
  pool: "default",
  name: "shop-dev-web",
  owner: { ...owner, machine: "web" },
  content: { kind: "empty" },
  capacity: 16 * MIB,
  domain: "shop-dev-web",
  ...more,
});
let root: VolumeOutputs;
let seed: VolumeOutputs;
let web: { id: string; outs: DomainOutputs };
const domainInputs = (more: Partial<DomainInputs> = {}, memory = 64, data = {}): DomainInputs => {
  const own = { ...owner, machine: "web" };
  const { deployPublicKey: _, ...names } = own;
  const disk = ({ volume: name, format }: VolumeOutputs) => ({ pool: "default", volume: name, format });
  return {
    uri: lab.uri,
    name: "shop-dev-web",
    machine: "web",
    owner: own,
    component: "",
    definition: domainDefinition({
      name: "shop-dev-web",
      title: "shop/web",
      arch: "x86_64",
      firmware: "bios",
      memory,
      cpus: 1,
      root: disk(root),
      seed: disk(seed),
      data,
      network: "shop-dev",
      mac: macOf(names),
      shares: [],
    }),
    memory,
    cpus: 1,
    acceleration: "emulation",
    disk: "default/root",
    pool: "default",
    libvirtNetwork: "shop-dev",
    mac: macOf(names),
    bootTimeout: 1,
    direct: false,
    ...more,
  };
};
const message = (work: Promise<unknown>) =>
  work.then(
    () => "nothing failed",
    (error: Error) => error.message,
  );

test("a network is made once, with a subnet that is free, and started again when it was stopped", async () => {
  const { id, outs } = (await network.create(networkInputs())) as { id: string; outs: NetworkOutputs };
  expect(outs).toMatchObject({ subnet: expect.stringMatching(/^10\.\d+\.\d+\.0\/24$/), active: true });
  // As after a run that was cut off.
  expect((await network.create(networkInputs())).id).toBe(id);
  await lab.virsh("net-destroy", "shop-dev");
  const read = (await network.read(id, outs)) as { props: NetworkOutputs };
  expect(read.props.active).toBe(false);
  expect(await network.diff(id, read.props, networkInputs())).toMatchObject({ changes: true, replaces: [] });
  await network.update(id, read.props, networkInputs());
  expect(await lab.virsh("net-info", "shop-dev")).toMatch(/Active: +yes\n.*\nAutostart: +yes/);
  // Another network takes another subnet, and the same one when told so is refused by the host.
  const other = networkInputs({
    name: "two",
    definition: networkDefinition("two", "two", "nat"),
    owner: { ...owner, network: "two" },
  });
  const two = (await network.create(other)) as { id: string; outs: NetworkOutputs };
  expect(two.outs.subnet).not.toBe(outs.subnet);
  await network.delete(two.id, two.outs);
  expect(await message(network.create({ ...other, subnet: outs.subnet }))).toContain("already in use");
  expect((await lab.virsh("net-list", "--all", "--name")).trim()).toBe("shop-dev");
});

test("a network of the same name that is somebody else's is left alone", async () => {
  expect(await message(network.create(networkInputs({ owner: stranger })))).toMatch(
    /has a network shop-dev already, which this stack did not make \(its UUID is .*\)\. Firn leaves it alone/,
  );
  const props = { ...networkInputs(), subnet: "", active: true };
  await network.delete("00000000-0000-8000-8000-000000000000", props);
  expect((await lab.virsh("net-list", "--name")).trim()).toBe("shop-dev");
});

test("a host that is far is reached by libvirt's own ssh", async () => {
  // What stands for ssh and for netcat on the host: it leads to the daemon's socket.
  const ssh = join(lab.directory, "ssh");
  const lead =
    'const to = require("net").connect(process.argv[1]); process.stdin.pipe(to); to.pipe(process.stdout)';
  const command = `exec '${process.execPath}' -e '${lead}' '${lab.directory}/run/libvirt-sock'`;
  writeFileSync(ssh, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
  const uri = `${lab.uri.replace("qemu:///", "qemu+ssh://root@far/")}&command=${ssh}`;
  const { id, outs } = await networkOutputs();
  expect(await network.read(id, { ...outs, uri })).toMatchObject({
    props: { subnet: outs.subnet, active: true },
  });
});

test("volumes are made once, grow, and do not shrink", async () => {
  const made = (await volume.create(volumeInputs())) as { id: string; outs: VolumeOutputs };
  expect(made.id).toMatch(/^default\/shop-dev-web-[0-9a-f]{6}\.qcow2$/);
  expect((await volume.create(volumeInputs())).id).toBe(made.id);
  const larger = volumeInputs({ capacity: 32 * MIB });
  expect(await volume.diff(made.id, made.outs, larger)).toMatchObject({ changes: true, replaces: [] });
  const { outs } = (await volume.update(made.id, made.outs, larger)) as { outs: VolumeOutputs };
  expect(await lab.virsh("vol-info", "--bytes", "--pool", "default", outs.volume)).toContain(
    `Capacity:       ${32 * MIB}`,
  );
  expect(await message(volume.diff(made.id, outs, volumeInputs()))).toMatch(/disks do not shrink/);
  root = outs;
  const keys = {
    hostPublicKey: "ssh-ed25519 HOST",
    hostPrivateKey: "PRIVATE",
    deployPublicKey: "ssh-ed25519 DEPLOY",
  };
  const bytes = volumeInputs({
    name: "shop-dev-web-seed",
    content: { kind: "seed" },
    seed: { id: "web", hostname: "web", ...keys },
  });
  const made2 = (await volume.create(bytes)) as { outs: VolumeOutputs };
  seed = made2.outs;
  expect(JSON.stringify(seed)).not.toContain("PRIVATE");
});

test("an image is sent once, a disk is a copy of it and may be larger", async () => {
  const file = join(lab.directory, "image.raw");
  writeFileSync(file, Buffer.alloc(MIB, "firn"));
  const image = (await volume.create(
    volumeInputs({ name: "shop-dev-image", owner, content: { kind: "image", file } }),
  )) as { id: string; outs: VolumeOutputs };
  const copy = { kind: "copy", volume: image.outs.volume, image: file } as const;
  const disk = (await volume.create(
    volumeInputs({ name: "shop-dev-db", content: copy, capacity: 8 * MIB }),
  )) as { id: string; outs: VolumeOutputs };
  expect(disk.outs).toMatchObject({ capacity: 8 * MIB, format: "qcow2" });
  // It needs the image no more.
  await volume.delete(image.id, image.outs);
  expect(await volume.read(image.id, image.outs)).toEqual({});
  expect(await volume.read(disk.id, disk.outs)).toMatchObject({ props: { capacity: 8 * MIB } });
  const small = volumeInputs({ name: "small", content: copy, capacity: MIB / 2 });
  expect(await message(volume.create(small))).toMatch(/vol-create-from/);
  await volume.delete(disk.id, disk.outs);
});

test("a machine runs with the address that is planned for it, and its console is kept", async () => {
  const inputs = domainInputs();
  const failure = (await domain.create(inputs).then(
    () => undefined,
    (error: unknown) => error,
  )) as Error & { id: string; properties: DomainOutputs };
  // Nothing boots from an empty disk, which the firmware says on the serial console where it can.
  expect(failure.message).toMatch(
    /^The machine web was started and has not asked for its address after 1 s\. (The last lines of its serial console:\n {4}|It has said nothing on its serial console: its image may not boot by this firmware\.)/,
  );
  expect(failure.message).toContain(`virsh --connect ${lab.uri} console shop-dev-web`);
  // What is there is kept, so that the next run goes on with it.
  const { id, properties } = failure;
  expect(properties).toMatchObject({ running: false, emulated: true });
  const { subnet } = (await networkOutputs()).outs;
  expect(properties.address).toBe(subnet.replace(/0\/24$/, "2"));
  expect(await lab.virsh("net-dumpxml", "shop-dev")).toContain(
    `<host mac='${inputs.mac}' name='web' ip='${properties.address}'/>`,
  );
  expect(await lab.virsh("domuuid", "shop-dev-web")).toBe(id);
  expect(await domain.read(id, properties)).toMatchObject({ props: { running: true } });
  // A run that was cut off is gone on with.
  expect(((await domain.create(inputs).catch((error: unknown) => error)) as { id: string }).id).toBe(id);
  web = { id, outs: { ...properties, running: true } };
});

test("a machine of the same name that is somebody else's is left alone", async () => {
  const other = { ...stranger, machine: "web" };
  expect(await message(domain.create(domainInputs({ owner: other })))).toMatch(
    /has a machine shop-dev-web already, which this stack did not make \(its UUID is .*\)\. Firn leaves it alone/,
  );
  expect(await lab.virsh("domstate", "shop-dev-web")).toBe("running");
});

test("disks grow, come and go while the machine runs", async () => {
  const grown = volumeInputs({ capacity: 48 * MIB });
  await volume.update("id", root, grown);
  expect(await lab.virsh("domblkinfo", "shop-dev-web", "vda")).toContain(`Capacity:       ${48 * MIB}`);
  const data = (await volume.create(volumeInputs({ name: "shop-dev-web-data" }))) as {
    id: string;
    outs: VolumeOutputs;
  };
  const disk = { pool: "default", volume: data.outs.volume, format: "qcow2" as const };
  const before = await lab.virsh("domid", "shop-dev-web");
  const withData = domainInputs({}, 64, { data: disk });
  expect(await domain.diff(web.id, web.outs, withData)).toMatchObject({ changes: true, replaces: [] });
  await domain.update(web.id, web.outs, withData);
  expect(await lab.virsh("domid", "shop-dev-web")).toBe(before);
  expect(await lab.virsh("domblklist", "shop-dev-web")).toMatch(/sda +.*shop-dev-web-data/);
  // Its machine does not have it any more: what goes while it runs goes with its volume.
  await domain.update(web.id, { ...web.outs, definition: withData.definition }, domainInputs());
  await volume.delete(data.id, data.outs);
  expect(await lab.virsh("domblklist", "shop-dev-web")).not.toContain("shop-dev-web-data");
});

test("a snapshot is taken before each other system, and the oldest of Firn's own go", async () => {
  const inputs = (toplevel: string, keep = 2): SnapshotInputs => ({
    ...{ uri: lab.uri, domain: web.id, name: "web", toplevel, keep },
  });
  const names = async () => (await lab.virsh("snapshot-list", "shop-dev-web", "--name")).split(/\s+/).sort();
  await lab.virsh("snapshot-create-as", "shop-dev-web", "by-hand");
  await snapshot.create(inputs("/nix/store/a"));
  await snapshot.update("", inputs("/nix/store/a"), inputs("/nix/store/b"));
  const before = await names();
  await snapshot.update("", inputs("/nix/store/b"), inputs("/nix/store/c"));
  const after = await names();
  expect(after).toEqual(["by-hand", before[2], expect.stringMatching(/^firn-/)]);
  expect(await lab.virsh("snapshot-dumpxml", "shop-dev-web", after[2] ?? "")).toContain(
    "Before /nix/store/c",
  );
  expect(await snapshot.diff("", inputs("/nix/store/c"), inputs("/nix/store/c"))).toMatchObject({
    changes: false,
  });
  await snapshot.delete("", inputs("/nix/store/c"));
  expect(await names()).toEqual(["by-hand"]);
});

test("what a machine needs and its host has not is said before anything is made", async () => {
  const huge = domainInputs({ memory: 64_000_000, machine: "huge", name: "huge", mac: "52:54:00:00:00:09" });
  expect(await message(domain.create(huge))).toMatch(
    /^Not enough memory for huge: it needs 64000000 MiB, and the host qemu:.* has \d+ MiB altogether\. Ask for less/,
  );
  expect(await lab.virsh("list", "--all", "--name")).toBe("shop-dev-web");
  expect(await lab.virsh("net-dumpxml", "shop-dev")).not.toContain("52:54:00:00:00:09");

  expect(await message(volume.create(volumeInputs({ pool: "fast" })))).toMatch(
    /no storage pool with matching name 'fast'\n {2}Make the pool, for example with `virsh pool-define-as fast dir/,
  );
  await lab.virsh("pool-define-as", "off", "dir", "--target", lab.directory);
  expect(await message(volume.create(volumeInputs({ pool: "off" })))).toMatch(
    /storage pool 'off' is not active\n {2}Start it with `virsh pool-start off`/,
  );
  const nowhere = volumeInputs({ content: { kind: "image", file: join(lab.directory, "none.qcow2") } });
  expect(await message(volume.create(nowhere))).toMatch(
    /there is no such file\. It is a disk image on this computer/,
  );
  const far = { uri: `qemu:///system?socket=${lab.directory}/run/none-libvirt-sock` };
  expect(await message(network.create(networkInputs(far)))).toMatch(
    /No such file or directory\n {2}No libvirt daemon answers there\. Start it with `systemctl start libvirtd`/,
  );
  const { PATH } = process.env;
  process.env.PATH = lab.directory;
  try {
    expect(await message(network.create(networkInputs()))).toMatch(
      /^virsh is not on PATH\. Install libvirt's client/,
    );
  } finally {
    process.env.PATH = PATH;
  }
});

test("what is removed leaves nothing, and may be gone already", async () => {
  await domain.delete(web.id, web.outs);
  await domain.delete(web.id, web.outs);
  for (const each of [root, seed]) await volume.delete("", each);
  expect(readdirSync(pool)).toEqual([]);
  const { id, outs } = await networkOutputs();
  expect(await lab.virsh("net-dumpxml", "shop-dev")).not.toContain("<host");
  await network.delete(id, outs);
  await network.delete(id, outs);
  expect(await lab.virsh("list", "--all", "--name")).toBe("");
  expect(await lab.virsh("net-list", "--all", "--name")).toBe("");
  expect(await domain.read(web.id, web.outs)).toEqual({});
});

async function networkOutputs(): Promise<{ id: string; outs: NetworkOutputs }> {
  return (await network.create(networkInputs())) as { id: string; outs: NetworkOutputs };
}
