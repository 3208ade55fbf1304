import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Work } from "./commands.js";
import { locked, notFound, Refusal, refusal } from "./errors.js";
import { guestAddresses, powerOn, pressPowerButton, pullPlug, remove, runs } from "./ground.js";
import { close } from "./media.js";
import type { State, Vm } from "./state.js";

/** How long a session takes to end after its machine has. */
const SESSION_MS = 300;

/** A machine by name or UUID; that it has shut itself down is noticed here. */
export function find(state: State, which: string | undefined): Vm {
  const vm = [...state.machines.values()].find((each) => each.uuid === which || each.name === which);
  if (!vm) throw notFound(which ?? "");
  if (vm.isOn && vm.machine !== undefined && !runs(vm)) turnOff(vm);
  return vm;
}

function turnOff(vm: Vm): void {
  vm.isOn = false;
  vm.lockedUntil = Date.now() + SESSION_MS;
}

/** For what changes a machine's settings: nobody may have a session with it. */
export function mutable(state: State, which: string | undefined): Vm {
  const vm = find(state, which);
  if (vm.isOn || Date.now() < vm.lockedUntil) throw locked(vm.name);
  return vm;
}

const createvm: Work = (state, line) => {
  const [name = "", minor] = [line.option("--name"), Number(state.version.split(".")[1])];
  const architecture = line.option("--platform-architecture");
  if (minor >= 1 && architecture === undefined)
    throw new Refusal("Required parameter --platform-architecture not specified", 2);
  if (minor < 1 && architecture !== undefined)
    throw new Refusal("Unknown option: --platform-architecture", 2);
  const folder = join(state.directory, "VirtualBox VMs", name);
  const file = join(folder, `${name}.vbox`);
  if (existsSync(file))
    throw refusal(
      `Machine settings file '${file}' already exists`,
      "VBOX_E_FILE_ERROR",
      "MachineWrap",
      "CreateMachine(bstrSettingsFile.raw(), bstrName.raw(), …)",
    );
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `<VirtualBox/>\n`);
  const uuid = line.option("--uuid") ?? randomUUID();
  const mac = () => `080027${randomBytes(3).toString("hex").toUpperCase()}`;
  if (!line.options.some((each) => each.name === "--register"))
    return `Virtual machine '${name}' is created.\nUUID: ${uuid}\nSettings file: '${file}'\n`;
  state.machines.set(uuid, {
    uuid,
    name,
    folder,
    osType: line.option("--ostype") ?? "Other",
    settings: new Map([
      ["memory", "128"],
      ["cpus", "1"],
      ["nic1", "nat"],
    ]),
    macs: [mac(), mac()],
    controllers: new Map(),
    forwarding: new Map(),
    folders: new Map(),
    notes: new Map(),
    snapshots: [],
    isOn: false,
    lockedUntil: 0,
  });
  return `Virtual machine '${name}' is created and registered.\nUUID: ${uuid}\nSettings file: '${file}'\n`;
};

const unregistervm: Work = async (state, line) => {
  const vm = find(state, line.operands.vm);
  if (vm.isOn || Date.now() < vm.lockedUntil)
    throw refusal(
      `Cannot unregister the machine '${vm.name}' while it is locked`,
      "VBOX_E_INVALID_OBJECT_STATE",
      "MachineWrap",
      "Unregister(fDelete ? …)",
    );
  await remove(vm);
  state.machines.delete(vm.uuid);
  if (!line.options.some((each) => each.name.startsWith("--delete"))) return "";
  // Everything that is attached goes: who wants to keep a disk detaches it first.
  for (const { attached } of vm.controllers.values())
    for (const { type, medium } of attached.values()) if (type === "hdd") await close(state, medium, true);
  for (const medium of vm.snapshots.flatMap(({ disks }) => disks)) await close(state, medium, true);
  for (const { path } of [...state.media.values()].filter((each) => each.path.startsWith(vm.folder)))
    await close(state, path, true);
  rmSync(join(vm.folder, `${vm.name}.vbox`), { force: true });
  for (const directory of [join(vm.folder, "Snapshots"), vm.folder])
    if (existsSync(directory) && readdirSync(directory).length === 0) rmdirSync(directory);
  return "0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\n";
};

const startvm: Work = async (state, line) => {
  const vm = find(state, line.operands.vm);
  if (vm.isOn || Date.now() < vm.lockedUntil)
    throw refusal(
      `The machine '${vm.name}' is already locked by a session (or being locked or unlocked)`,
      "VBOX_E_INVALID_OBJECT_STATE",
      "MachineWrap",
      "LaunchVMProcess(a->session, …)",
    );
  const { refuseStart, memory = 16_000 } = state.faults;
  const why =
    refuseStart ??
    (Number(vm.settings.get("memory")) > memory ? "Failed to allocate RAM (VERR_NO_MEMORY)" : undefined);
  if (why !== undefined)
    throw refusal(why, "NS_ERROR_FAILURE", "ConsoleWrap", "LaunchVMProcess(a->session, …)");
  vm.isOn = true;
  vm.frontend = line.option("--type") === "headless" ? "headless" : "GUI/Qt";
  try {
    await powerOn(state, vm);
  } catch (error) {
    vm.isOn = false;
    throw error;
  }
  return `Waiting for VM "${line.operands.vm}" to power on...\nVM "${line.operands.vm}" has been successfully started.\n`;
};

function running(state: State, which: string | undefined): Vm {
  const vm = find(state, which);
  if (!vm.isOn) throw new Refusal(`Machine '${which}' is not currently running.`);
  return vm;
}

const acpipowerbutton: Work = (state, line) => {
  const vm = running(state, line.operands.vm);
  if (!state.faults.deaf) pressPowerButton(vm);
  return "";
};

const poweroff: Work = async (state, line) => {
  const vm = running(state, line.operands.vm);
  await pullPlug(vm);
  turnOff(vm);
  return "0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\n";
};

/** Adds or removes a rule of port forwarding, as its text says. */
function forward(vm: Vm, rule: string, name: string | undefined): void {
  if (rule === "delete") {
    if (!vm.forwarding.delete(name ?? ""))
      throw refusal(
        `Could not find a NAT rule named '${name}'`,
        "NS_ERROR_INVALID_ARG",
        "NATEngineWrap",
        "RemoveRedirect()",
      );
    return;
  }
  const [own = "", protocol = "", , port] = rule.split(",");
  if (rule.split(",").length !== 6 || !["tcp", "udp"].includes(protocol) || !(Number(port) > 0))
    throw new Refusal(`Invalid port forwarding rule: ${rule}`, 2);
  if (vm.forwarding.has(own))
    throw refusal(
      "A NAT rule of this name already exists",
      "NS_ERROR_INVALID_ARG",
      "NATEngineWrap",
      "AddRedirect()",
    );
  vm.forwarding.set(own, rule);
}

const natpf1: Work = (state, line) => {
  forward(running(state, line.operands.vm), line.operands.rule ?? "", line.operands.name);
  return "";
};

const modifyvm: Work = (state, line) => {
  const vm = mutable(state, line.operands.vm);
  for (const { name, values } of line.options) {
    const [value = ""] = values;
    if (name === "--nat-pf1") forward(vm, value, values[1]);
    else if (name === "--host-only-adapter2" && !state.hostOnly.some((each) => each.name === value))
      throw new Refusal(`The host network interface named '${value}' could not be found`);
    else if (name === "--memory" && (Number(value) < 4 || Number(value) > 2_097_152))
      throw refusal(
        `Invalid RAM size: ${value} MB (must be in range [4, 2097152] MB)`,
        "NS_ERROR_INVALID_ARG",
        "SessionMachine",
        "COMSETTER(MemorySize)(ValueUnion.u32)",
      );
    else vm.settings.set(name.slice(2), values.join(","));
  }
  return "";
};

const showvminfo: Work = (state, line) => {
  const vm = find(state, line.operands.vm);
  const [first, ...children] = vm.snapshots;
  const lines = [
    `name="${vm.name}"`,
    'groups="/"',
    `ostype="${vm.osType}"`,
    `UUID="${vm.uuid}"`,
    `CfgFile="${join(vm.folder, `${vm.name}.vbox`)}"`,
    `memory=${vm.settings.get("memory")}`,
    `cpus=${vm.settings.get("cpus")}`,
    `VMState="${vm.isOn ? "running" : "poweroff"}"`,
    ...(vm.isOn ? [`SessionName="${vm.frontend}"`] : []),
    ...[...vm.controllers].flatMap(([name, { ports, attached }], number) => [
      `storagecontrollername${number}="${name}"`,
      `storagecontrollerportcount${number}="${ports}"`,
      ...Array.from({ length: ports }, (_, port) => {
        const medium = attached.get(port)?.medium;
        const uuid = medium === undefined ? undefined : state.media.get(medium)?.uuid;
        return `"${name}-${port}-0"="${medium ?? "none"}"${uuid ? `\n"${name}-ImageUUID-${port}-0"="${uuid}"` : ""}`;
      }),
    ]),
    `macaddress1="${vm.macs[0]}"`,
    'nic1="nat"',
    ...[...vm.forwarding.values()].map((rule, number) => `Forwarding(${number})="${rule}"`),
    `nic2="${vm.settings.get("nic2") ?? "none"}"`,
    ...(vm.settings.has("nic2") ? [`macaddress2="${vm.macs[1]}"`] : []),
    ...[...vm.folders].flatMap(([name, { path }], number) => [
      `SharedFolderNameMachineMapping${number + 1}="${name}"`,
      `SharedFolderPathMachineMapping${number + 1}="${path}"`,
    ]),
    ...(first ? [`SnapshotName="${first.name}"`, `SnapshotUUID="${first.uuid}"`] : []),
    ...children.flatMap(({ name, uuid }, index) => {
      const place = "-1".repeat(index + 1);
      return [`SnapshotName${place}="${name}"`, `SnapshotUUID${place}="${uuid}"`];
    }),
  ];
  return `${lines.join("\n")}\n`;
};

const sharedfolderAdd: Work = (state, line) => {
  const vm = mutable(state, line.operands.vm);
  const [name = "", path = ""] = [line.option("--name"), line.option("--hostpath")];
  if (vm.folders.has(name))
    throw refusal(
      `Shared folder named '${name}' already exists`,
      "VBOX_E_OBJECT_IN_USE",
      "SessionMachine",
      "CreateSharedFolder()",
    );
  if (!path.startsWith("/"))
    throw refusal(
      `Shared folder path '${path}' is not absolute`,
      "NS_ERROR_INVALID_ARG",
      "SessionMachine",
      "CreateSharedFolder()",
    );
  vm.folders.set(name, { path, readOnly: line.options.some((each) => each.name === "--readonly") });
  return "";
};

const sharedfolderRemove: Work = (state, line) => {
  const name = line.option("--name") ?? "";
  if (!mutable(state, line.operands.vm).folders.delete(name))
    throw refusal(
      `Could not find a shared folder named '${name}'`,
      "VBOX_E_OBJECT_NOT_FOUND",
      "SessionMachine",
      "RemoveSharedFolder()",
    );
  return "";
};

const guestpropertyGet: Work = (state, line) => {
  const vm = find(state, line.operands.vm);
  const match = /^\/VirtualBox\/GuestInfo\/Net\/(\d+)\/(MAC|V4\/IP)$/.exec(line.operands.property ?? "");
  const [mac, address] = [...guestAddresses(vm)][Number(match?.[1] ?? Number.NaN)] ?? [];
  const value = match?.[2] === "MAC" ? mac : address;
  return value === undefined ? "No value set!\n" : `Value: ${value}\n`;
};

const snapshotTake: Work = (state, line) => {
  const vm = find(state, line.operands.vm);
  const uuid = randomUUID();
  const disks = [...vm.controllers.values()].flatMap(({ attached }) =>
    [...attached.values()].filter(({ type }) => type === "hdd").map(({ medium }) => medium),
  );
  const [name = "", description = ""] = [line.operands.name, line.option("--description")];
  const own = { name, uuid, description, disks };
  vm.snapshots.push(own);
  for (const { attached } of vm.controllers.values())
    for (const attachment of attached.values()) {
      // The disk goes on in a differencing image; those that are written through are left out.
      if (attachment.type !== "hdd" || attachment.mode === "writethrough") continue;
      const parent = state.media.get(attachment.medium);
      const path = join(vm.folder, "Snapshots", `{${randomUUID()}}.vdi`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "");
      state.media.set(path, {
        uuid: randomUUID(),
        path,
        megabytes: parent?.megabytes ?? 0,
        type: "normal",
        parent: attachment.medium,
      });
      attachment.medium = path;
    }
  return `0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\nSnapshot taken. UUID: ${uuid}\n`;
};

const snapshotDelete: Work = async (state, line) => {
  const vm = find(state, line.operands.vm);
  const index = vm.snapshots.findIndex((each) => [each.name, each.uuid].includes(line.operands.name ?? ""));
  if (index < 0)
    throw refusal(
      `Could not find a snapshot named '${line.operands.name}'`,
      "VBOX_E_OBJECT_NOT_FOUND",
      "SessionMachine",
      "FindSnapshot()",
    );
  vm.snapshots.splice(index, 1);
  // Its image is merged into what it began with.
  for (const { attached } of vm.controllers.values())
    for (const attachment of attached.values()) {
      const medium = state.media.get(attachment.medium);
      if (medium?.parent === undefined) continue;
      attachment.medium = medium.parent;
      await close(state, medium.path, true);
    }
  return "0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\n";
};

const listVms: Work = (state) =>
  [...state.machines.values()].map(({ name, uuid }) => `"${name}" {${uuid}}\n`).join("");

/** Machines from their making to their end. */
export const MACHINES: Readonly<Record<string, Work>> = {
  createvm,
  unregistervm,
  startvm,
  "controlvm acpipowerbutton": acpipowerbutton,
  "controlvm poweroff": poweroff,
  "controlvm natpf1": natpf1,
  modifyvm,
  showvminfo,
  "sharedfolder add": sharedfolderAdd,
  "sharedfolder remove": sharedfolderRemove,
  "guestproperty get": guestpropertyGet,
  "snapshot take": snapshotTake,
  "snapshot delete": snapshotDelete,
  "list vms": listVms,
};
