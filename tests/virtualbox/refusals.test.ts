import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { takeAddress, waitForGuestAddress } from "../../packages/virtualbox/src/address.js";
import { configureHostOnly, removeHostOnly } from "../../packages/virtualbox/src/hostonly.js";
import type { MachineInputs } from "../../packages/virtualbox/src/inputs.js";
import { changeMachine } from "../../packages/virtualbox/src/machine.js";
import { manage } from "../../packages/virtualbox/src/manage/manage.js";
import { stop } from "../../packages/virtualbox/src/power.js";
import { disk, lastOfConsole, machine, network, snapshot } from "../../packages/virtualbox/src/provider.js";
import { VBoxSVC } from "./stand-in/server.js";
import type { Vm } from "./stand-in/state.js";
import { makeImage } from "./virtualbox.js";

/** What the target says where VirtualBox refuses, and what it leaves behind: without any machine that runs. */
const home = mkdtempSync(join(tmpdir(), "firn-vbox-"));
const bin = join(home, "bin");
mkdirSync(bin);
symlinkSync(VBoxSVC.program, join(bin, "VBoxManage"));
const image = join(home, "debian.raw");
makeImage(image);
const PATH = process.env.PATH;

let server: VBoxSVC;
let number = 0;
beforeEach(async () => {
  await server?.close();
  number += 1;
  server = new VBoxSVC(join(home, String(number)));
  Object.assign(process.env, await server.listen(), { PATH: `${bin}:${PATH}` });
});
afterAll(async () => {
  process.env.PATH = PATH;
  await server.close();
  rmSync(home, { recursive: true });
});

const inputs: MachineInputs = {
  owner: "shop/dev/net/web",
  name: "net-dev-web",
  hostname: "web",
  image,
  osType: "Debian_64",
  memory: 1024,
  cpus: 1,
  disk: 20,
  headless: true,
  hostOnly: "vboxnet0",
  ports: {},
  sharedFolders: {},
  volumes: [],
  flags: [],
  mark: "ssh-ed25519 MARK",
  userData: "#cloud-config\n{}\n",
};
const OFF = "VT-x is disabled in the BIOS for all CPU modes (VERR_VMX_MSR_ALL_VMX_DISABLED)";

const makeNetwork = () => network.create({ owner: "shop/dev/net", name: "net-dev" });
const all = () => [...server.state.machines.values()];
const notes = () => [...server.state.notes.keys()];
/** A machine of Firn's or of somebody else, as VBoxManage makes it. */
async function createVm(own: Record<string, string> = {}): Promise<Vm> {
  const { stdout } = await server.answer(["createvm", `--name=${inputs.name}`, "--register"]);
  const vm = server.state.machines.get(/^UUID: (.*)$/m.exec(stdout)?.[1] ?? "");
  if (!vm) throw new Error(stdout);
  for (const [key, value] of Object.entries(own)) vm.notes.set(`Firn/${key}`, value);
  return vm;
}

test("without VBoxManage, or with one that is too old, nothing is tried", async () => {
  process.env.PATH = "/nonexistent";
  await expect(machine.create(inputs)).rejects.toThrow(/VBoxManage is not to be found.*7\.0 or later/s);
  process.env.PATH = `${bin}:${PATH}`;
  server.state.version = "6.1.50r161033";
  await expect(machine.create(inputs)).rejects.toThrow("VirtualBox 6.1.50r161033 is too old");
  await expect(makeNetwork()).rejects.toThrow("too old");
  expect(server.log).toEqual(["--version", "--version"]);
});

test("without virtualisation or with too little memory, nothing is made", async () => {
  server.state.faults = { virtualisation: false };
  await expect(machine.create(inputs)).rejects.toThrow(/no hardware virtualisation.*VT-x, AMD-V or SVM/s);
  server.state.faults = { memory: 1000 };
  await expect(machine.create(inputs)).rejects.toThrow(
    "net-dev-web would have 1024 MiB of memory, and this computer has 1000 MiB in all",
  );
  server.state.faults = {};
  await expect(machine.create({ ...inputs, ports: { http: 80 } })).rejects.toThrow(
    'virtualbox({ ports: { "http": 80 } }): both are TCP ports',
  );
  expect(all()).toEqual([]);
});

test("a machine that does not start says why, and leaves nothing", async () => {
  await makeNetwork();
  const before = notes();
  server.state.faults = { refuseStart: OFF };
  const error = await machine.create(inputs).catch((reason: Error) => reason);
  expect(
    String(error).replace(/[0-9a-f-]{36}/, "UUID"),
  ).toBe(`VirtualboxError: VirtualBox could not start the machine net-dev-web.
  VBoxManage startvm UUID --type=headless
  VBoxManage: error: ${OFF}
  VBoxManage: error: Details: code NS_ERROR_FAILURE (0x80004005), component ConsoleWrap, interface IConsole, callee nsISupports
Switch on hardware virtualisation (VT-x, AMD-V or SVM) in this computer's firmware setup; inside of a virtual machine, nested virtualisation.`);
  expect([all(), [...server.state.media.keys()], notes()]).toEqual([[], [], before]);
  expect(existsSync(join(home, String(number), "VirtualBox VMs", inputs.name))).toBe(false);
});

test("a machine of the same name that Firn did not make is left alone", async () => {
  await makeNetwork();
  const stranger = await createVm();
  await expect(machine.create(inputs)).rejects.toThrow(
    /has a machine "net-dev-web" that Firn did not make, and none is adopted/,
  );
  stranger.notes.set("Firn/Owner", "mail/dev/net/web");
  await expect(machine.create(inputs)).rejects.toThrow(/of mail\/dev\/net\/web, and none is adopted/);
  stranger.notes.set("Firn/Owner", inputs.owner).set("Firn/Mark", "ssh-ed25519 OTHER");
  await expect(machine.create(inputs)).rejects.toThrow(/of an earlier stack of this name/);
  expect(all()).toEqual([stranger]);
  // Its folder alone is as good as a machine.
  server.state.machines.clear();
  await expect(machine.create(inputs)).rejects.toThrow(/settings file .* already exists.*adopts no machine/s);
  expect(notes().filter((key) => key.includes("Making"))).toEqual([]);
});

test("what a killed run had made whole is taken over, and what it had half made is made anew", async () => {
  await makeNetwork();
  const half = await createVm({ Owner: inputs.owner, Mark: inputs.mark });
  server.state.faults = { refuseStart: OFF };
  await expect(machine.create(inputs)).rejects.toThrow(OFF);
  expect(server.log.filter((line) => line.startsWith("createvm"))).toHaveLength(2);
  expect(server.log).toContain(`unregistervm ${half.uuid} --delete`);
  // One that was killed before it had noted anything of the machine.
  const bare = await createVm();
  server.state.notes.set(`Firn/Making/${inputs.owner}/${inputs.name}`, inputs.mark);
  await expect(machine.create(inputs)).rejects.toThrow(OFF);
  expect(server.log).toContain(`unregistervm ${bare.uuid} --delete`);
  expect(notes().filter((key) => key.includes("Making"))).toEqual([]);
  const whole = await createVm({ Owner: inputs.owner, Mark: inputs.mark, Made: "yes" });
  whole.isOn = true;
  const { id, outs } = await machine.create(inputs);
  expect(id).toBe(whole.uuid);
  expect(outs).toMatchObject({ address: "192.168.56.10", prefixLength: 24, running: true });
  expect(outs).not.toHaveProperty("userData");
});

test("addresses that VirtualBox does not allow are refused with the file that says so, and the interface goes again", async () => {
  const given = { owner: "shop/dev/net", name: "net-dev", subnet: "10.3.0.0/24" };
  await expect(network.create(given)).rejects.toThrow(
    /could not give the host-only network vboxnet0 the address 10\.3\.0\.1\/24\.[\s\S]*\/etc\/vbox\/networks\.conf/,
  );
  expect([server.state.hostOnly, notes()]).toEqual([[], []]);
  server.state.allowed = [{ base: "10.0.0.0", prefixLength: 8 }];
  expect((await network.create(given)).outs).toMatchObject({ network: "vboxnet0", kind: "hostonlyif" });
  await expect(network.create({ ...given, owner: "x", subnet: "10.3.0.0" })).rejects.toThrow(
    /no IPv4 network/,
  );
});

test("a network that a killed run had made is taken over; it is found again, and gone when somebody removed it", async () => {
  const { id, outs } = await makeNetwork();
  expect(await makeNetwork()).toEqual({ id, outs });
  expect(server.state.hostOnly).toHaveLength(1);
  expect(await network.read(id, outs)).toMatchObject({ id });
  // Gone without Firn, it is made anew with the addresses that machines have.
  const [own] = server.state.hostOnly.splice(0);
  expect(await network.read(id, outs)).toEqual({});
  expect((await makeNetwork()).id).toBe(id);
  expect(server.state.hostOnly[0]?.ip).toBe(own?.ip);
  await network.delete(id, outs);
  expect([server.state.hostOnly, notes()]).toEqual([[], []]);
});

test("on macOS a host-only network has a name, and the machines' addresses are beside VirtualBox' own", async () => {
  await configureHostOnly("hostonlynet", "net-dev", { host: "192.168.57.1", prefixLength: 24 });
  expect(server.log.at(-1)).toBe(
    "hostonlynet add --name=net-dev --netmask=255.255.255.0 --lower-ip=192.168.57.1 --upper-ip=192.168.57.9 --enable",
  );
  server.state.faults = { refuseStart: OFF };
  await expect(machine.create({ ...inputs, hostOnly: "net-dev" })).rejects.toThrow(OFF);
  expect(server.log.find((line) => line.startsWith("modifyvm"))).toContain(
    "--nic2=hostonlynet --host-only-net2=net-dev",
  );
  await removeHostOnly("hostonlynet", "net-dev");
  expect(server.state.hostOnly).toEqual([]);
});

test("a host-only network that is not there is named with those that are", async () => {
  await makeNetwork();
  await expect(machine.create({ ...inputs, hostOnly: "vboxnet7" })).rejects.toThrow(
    /could not be found|no host-only network "vboxnet7" \(it has vboxnet0\)/,
  );
  expect(all()).toEqual([]);
});

test("an address is one machine's, until that is gone", async () => {
  const subnet = { host: "192.168.56.1", prefixLength: 24 };
  const vm = await createVm();
  expect(await takeAddress(subnet, vm.name)).toBe("192.168.56.10");
  expect(await takeAddress(subnet, vm.name)).toBe("192.168.56.10");
  expect(await takeAddress(subnet, "other")).toBe("192.168.56.11");
  await expect(takeAddress(subnet, "other", "192.168.56.10")).rejects.toThrow(/address of net-dev-web/);
  await expect(takeAddress(subnet, "other", "10.0.0.1")).rejects.toThrow(/is not in the host-only network/);
  server.state.machines.clear();
  expect(await takeAddress(subnet, "other", "192.168.56.10")).toBe("192.168.56.10");
});

test("a machine whose image tells no address says what it lacks", async () => {
  const vm = await createVm();
  await expect(waitForGuestAddress(vm.uuid, vm.name, vm.macs[1], 500)).rejects.toThrow(
    /must have VirtualBox' Guest Additions/,
  );
});

test("volumes outlive their machine; only their own resource deletes them", async () => {
  const { id: uuid, outs: volume } = await disk.create({ name: "net-dev-web-data", size: 10 });
  const vm = await createVm({ Owner: inputs.owner, Mark: inputs.mark, Made: "yes" });
  await manage("add", "storagectl", vm.uuid, "--name=SATA", "--add=sata", "--portcount=30");
  const place = [vm.uuid, "--storagectl=SATA", "--port=2", "--device=0", "--type=hdd"];
  await manage("attach", "storageattach", ...place, `--medium=${volume.path}`, "--mtype=writethrough");
  // VirtualBox would delete what a snapshot knows along with the machine, too.
  await manage("take", "snapshot", vm.uuid, "take", "mine");
  await expect(disk.delete(uuid, volume)).rejects.toThrow(
    /still attached to 1 virtual machine[\s\S]*snapshots first/,
  );
  await machine.delete(vm.uuid, { ...inputs, address: "", prefixLength: 24, running: true });
  expect(existsSync(volume.path)).toBe(true);
  expect(await disk.read(uuid, volume)).toMatchObject({ id: uuid });
  expect(await disk.diff(uuid, volume, { name: volume.name, size: 20 })).toMatchObject({ replaces: [] });
  await disk.update(uuid, volume, { name: volume.name, size: 20 });
  await expect(disk.update(uuid, volume, { name: volume.name, size: 5 })).rejects.toThrow(
    /disks do not shrink/,
  );
  await disk.delete(uuid, volume);
  expect([existsSync(volume.path), await disk.read(uuid, volume)]).toEqual([false, {}]);
});

test("a machine that hears no power button is switched off, and the session that ends after it is waited for", async () => {
  const vm = await createVm();
  vm.isOn = true;
  expect(await stop(vm.uuid, vm.name, 600)).toBe(true);
  expect(server.log.filter((line) => line.startsWith("controlvm"))).toEqual([
    `controlvm ${vm.uuid} acpipowerbutton`,
    `controlvm ${vm.uuid} poweroff`,
  ]);
  vm.lockedUntil = Date.now() + 1000;
  await manage("set it up", "modifyvm", vm.uuid, "--memory=2048");
  expect(server.log.filter((line) => line.startsWith("modifyvm")).length).toBeGreaterThan(1);
  expect(await stop(vm.uuid, vm.name)).toBe(false);
});

test("a machine that does not start with what it was given has what it had before", async () => {
  await makeNetwork();
  const vm = await createVm({ Owner: inputs.owner, Mark: inputs.mark, Made: "yes" });
  server.state.faults = { refuseStart: OFF };
  await expect(changeMachine(vm.uuid, inputs, { ...inputs, memory: 2048 })).rejects.toThrow(OFF);
  const memory = server.log
    .filter((line) => line.startsWith("modifyvm"))
    .map((line) => /--memory=\d+/.exec(line)?.[0]);
  expect(memory).toEqual(["--memory=2048", "--memory=1024"]);
});

test("what a machine last said on its console is kept beside it, for when it does not answer", async () => {
  const vm = await createVm();
  expect(await lastOfConsole({ machine: vm.uuid })).toEqual([]);
  const said = Array.from(
    { length: 30 },
    (_, index) => `[    ${index}.0] \u001b[0;32mOK\u001b[0m line ${index}\r\n\n`,
  );
  writeFileSync(join(vm.folder, "console.log"), said.join(""));
  const lines = await lastOfConsole({ machine: vm.uuid });
  expect([lines.length, lines.at(-1)]).toEqual([20, "[    29.0] OK line 29"]);
  expect(await lastOfConsole({ machine: "gone" })).toEqual([]);
});

test("a disk does not shrink, nor grow while the machine has snapshots; the machine is not even shut down for it", async () => {
  const vm = await createVm({ Owner: inputs.owner, Mark: inputs.mark, Made: "yes" });
  vm.isOn = true;
  await expect(changeMachine(vm.uuid, inputs, { ...inputs, disk: 10 })).rejects.toThrow(/do not shrink/);
  await manage("take", "snapshot", vm.uuid, "take", "mine");
  await expect(changeMachine(vm.uuid, inputs, { ...inputs, disk: 30 })).rejects.toThrow(
    /cannot grow while the machine has snapshots/,
  );
  expect(vm.isOn).toBe(true);
});

test("the newest snapshots of Firn's are kept, and those of others are left alone", async () => {
  const vm = await createVm();
  await manage("take", "snapshot", vm.uuid, "take", "mine");
  const own = { machine: vm.uuid, name: vm.name, toplevel: "/nix/store/a", keep: 1 };
  await snapshot.create(own);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await snapshot.update("", own, { ...own, toplevel: "/nix/store/b" });
  expect(vm.snapshots.map(({ description }) => description)).toEqual([
    "",
    "Before /nix/store/b, taken by Firn",
  ]);
  // Another number alone takes none.
  await snapshot.update(
    "",
    { ...own, toplevel: "/nix/store/b" },
    { ...own, toplevel: "/nix/store/b", keep: 2 },
  );
  expect(vm.snapshots).toHaveLength(2);
  await snapshot.delete("", own);
  expect(vm.snapshots.map(({ name }) => name)).toEqual(["mine"]);
});

test("since 7.1, VBoxManage is told the architecture", async () => {
  server.state.version = "7.2.4r170995";
  await makeNetwork();
  server.state.faults = { refuseStart: OFF };
  await expect(machine.create(inputs)).rejects.toThrow(OFF);
  expect(server.log.find((line) => line.startsWith("createvm"))).toContain("--platform-architecture=x86");
});

test.each([
  [["createvm", "--name=x", "--colour=red"], /Unknown option: --colour/],
  [["modifyvm", "x", "--memory=much"], /Invalid parameter 'much' for option --memory/],
  [["storageattach", "x"], /Parameter --storagectl is required/],
  [["snapshot", "x", "take"], /Not enough parameters/],
  [["frobnicate"], /Invalid command 'frobnicate'/],
  [["showvminfo", "x", "--machinereadable"], /Could not find a registered machine named 'x'/],
  [["controlvm", "x", "poweroff"], /VBOX_E_OBJECT_NOT_FOUND/],
])("the stand-in refuses %j, as VBoxManage does", async (argv, message) => {
  const { exitCode, stderr } = await server.answer(argv);
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(message);
});

test("what the user's flags have wrong is told with the place to look", async () => {
  await makeNetwork();
  await expect(machine.create({ ...inputs, flags: ["--colour=red"] })).rejects.toThrow(
    /Unknown option: --colour[\s\S]*`vmFlags`, check them with/,
  );
});
