import { randomUUID } from "node:crypto";
import { existsSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { extname, isAbsolute } from "node:path";
import { resizeDisk } from "../../clouds/plugin/disk.js";
import type { Work } from "./commands.js";
import { Refusal, refusal } from "./errors.js";
import { plug, unplug } from "./ground.js";
import { find, mutable } from "./machines.js";
import type { Medium, State, Vm } from "./state.js";

const PROGRESS = "0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\n";

/** What VirtualBox opens where it is told a file that it does not know yet. */
function open(state: State, path: string): Medium {
  const known = state.media.get(path) ?? [...state.media.values()].find(({ uuid }) => uuid === path);
  if (known) return known;
  if (!existsSync(path))
    throw refusal(
      `Could not find file for the medium '${path}' (VERR_FILE_NOT_FOUND)`,
      "VBOX_E_FILE_ERROR",
      "MediumWrap",
      "OpenMedium(Bstr(pszFilenameOrUuid).raw(), …)",
    );
  if (![".vdi", ".vmdk", ".vhd"].includes(extname(path)))
    throw refusal(
      `Could not get the storage format of the medium '${path}' (VERR_NOT_SUPPORTED)`,
      "VBOX_E_IPRT_ERROR",
      "MediumWrap",
      "OpenMedium(Bstr(pszFilenameOrUuid).raw(), …)",
    );
  const megabytes = Math.ceil(statSync(path).size / 2 ** 20);
  const medium = { uuid: randomUUID(), path, megabytes, type: "normal", image: path };
  state.media.set(path, medium);
  return medium;
}

/** The machines that have a medium, now or in a snapshot. */
function users(state: State, path: string): Vm[] {
  const attachedTo = ({ controllers }: Vm) =>
    [...controllers.values()].flatMap(({ attached }) => [...attached.values()].map(({ medium }) => medium));
  const has = (medium: string) => medium === path || state.media.get(medium)?.parent === path;
  return [...state.machines.values()].filter(
    (vm) => attachedTo(vm).some(has) || vm.snapshots.some(({ disks }) => disks.includes(path)),
  );
}

/** Lets go of a medium, and removes its file. */
export async function close(state: State, path: string, deletes: boolean): Promise<void> {
  state.media.delete(path);
  if (deletes) rmSync(path, { force: true });
}

function create(state: State, path: string, size: number, image?: string): Medium {
  if (existsSync(path))
    throw refusal(
      `Cannot create the storage unit '${path}' (VERR_ALREADY_EXISTS)`,
      "VBOX_E_FILE_ERROR",
      "MediumWrap",
      "CreateBaseStorage()",
    );
  writeFileSync(path, "");
  // Sparse, and as long as the disk is large: it is what the machine sees.
  truncateSync(path, size * 2 ** 20);
  const base = { uuid: randomUUID(), path, megabytes: size, type: "normal" };
  const medium = image === undefined ? base : { ...base, image };
  state.media.set(path, medium);
  return medium;
}

const createmedium: Work = (state, line) => {
  const path = line.option("--filename") ?? "";
  if (!isAbsolute(path)) throw new Refusal(`Cannot determine absolute path of '${path}'`);
  const { uuid } = create(state, path, Number(line.option("--size") ?? 0));
  return `${PROGRESS}Medium created. UUID: ${uuid}\n`;
};

const clonemedium: Work = (state, line) => {
  const { source = "", target = "" } = line.operands;
  const from = open(state, source);
  const { uuid } = create(state, target, from.megabytes, from.image ?? from.path);
  return `${PROGRESS}Clone medium created in format '${line.option("--format") ?? "VDI"}'. UUID: ${uuid}\n`;
};

const convertfromraw: Work = (state, line) => {
  const { source = "", target = "" } = line.operands;
  if (!existsSync(source)) throw new Refusal(`Cannot open file "${source}": VERR_FILE_NOT_FOUND`);
  create(state, target, Math.ceil(statSync(source).size / 2 ** 20), source);
  return `Converting from raw image file="${source}" to file="${target}"...\nCreating dynamic image with size 1 bytes (1MB)...\n`;
};

const modifymedium: Work = async (state, line) => {
  const medium = open(state, line.operands.medium ?? "");
  const size = Number(line.option("--resize"));
  if (users(state, medium.path).some((vm) => find(state, vm.uuid).isOn))
    throw refusal(
      `Medium '${medium.path}' is locked for writing by another task`,
      "VBOX_E_INVALID_OBJECT_STATE",
      "MediumWrap",
      "Resize(cbResize, pProgress.asOutParam())",
    );
  if (size < medium.megabytes)
    throw refusal(
      `Shrinking is not yet supported for medium '${medium.path}'`,
      "VBOX_E_NOT_SUPPORTED",
      "MediumWrap",
      "Resize(cbResize, pProgress.asOutParam())",
    );
  medium.megabytes = size;
  await resizeDisk(medium.path, (size * 2 ** 20) / 1e9);
  return PROGRESS;
};

const closemedium: Work = async (state, line) => {
  const medium = open(state, line.operands.medium ?? "");
  const { length } = users(state, medium.path);
  if (length > 0)
    throw refusal(
      `Medium '${medium.path}' cannot be closed because it is still attached to ${length} virtual machines`,
      "VBOX_E_OBJECT_IN_USE",
      "MediumWrap",
      "Close()",
    );
  const deletes = line.options.some(({ name }) => name === "--delete");
  await close(state, medium.path, deletes);
  return deletes ? PROGRESS : "";
};

const showmediuminfo: Work = (state, line) => {
  const medium = open(state, line.operands.medium ?? "");
  const usedBy = users(state, medium.path);
  const lines = [
    `UUID:           ${medium.uuid}`,
    `Parent UUID:    base`,
    `State:          ${usedBy.some(({ isOn }) => isOn) ? "locked write" : "created"}`,
    `Type:           normal (base)`,
    `Location:       ${medium.path}`,
    `Storage format: VDI`,
    `Format variant: dynamic default`,
    `Capacity:       ${medium.megabytes} MBytes`,
    `Size on disk:   2 MBytes`,
    `Encryption:     disabled`,
    ...usedBy.map(
      ({ name, uuid }, index) =>
        `${index === 0 ? "In use by VMs: " : "               "} ${name} (UUID: ${uuid})`,
    ),
  ];
  return `${lines.join("\n")}\n`;
};

const storagectl: Work = (state, line) => {
  const vm = mutable(state, line.operands.vm);
  const [name = "", bus] = [line.option("--name"), line.option("--add")];
  if (bus === undefined) return "";
  if (vm.controllers.has(name))
    throw refusal(
      `Storage controller named '${name}' already exists`,
      "VBOX_E_OBJECT_IN_USE",
      "SessionMachine",
      "AddStorageController(Bstr(pszCtl).raw(), …)",
    );
  const ports = Number(line.option("--portcount") ?? 1);
  const type = line.option("--controller") ?? "";
  vm.controllers.set(name, { bus, type, ports, attached: new Map() });
  return "";
};

const storageattach: Work = async (state, line) => {
  const vm = find(state, line.operands.vm);
  const name = line.option("--storagectl") ?? "";
  const controller = vm.controllers.get(name);
  if (!controller)
    throw refusal(
      `Could not find a storage controller named '${name}'`,
      "VBOX_E_OBJECT_NOT_FOUND",
      "SessionMachine",
      "GetStorageControllerByName(Bstr(pszCtl).raw(), storageCtl.asOutParam())",
    );
  const port = Number(line.option("--port") ?? 0);
  if (port >= controller.ports)
    throw refusal(
      `The port and/or device parameter are out of range: port=${port} (must be in range [0, ${controller.ports - 1}]), device=0 (must be in range [0, 0])`,
      "NS_ERROR_INVALID_ARG",
      "SessionMachine",
      "AttachDevice()",
    );
  const path = line.option("--medium") ?? "";
  const before = controller.attached.get(port);
  const hotpluggable = line.option("--hotpluggable") === "on";
  if (!vm.isOn) mutable(state, vm.uuid);
  else if (!(before?.hotpluggable ?? hotpluggable))
    throw refusal(
      `Controller '${name}' does not support hot-plugging`,
      "VBOX_E_INVALID_VM_STATE",
      "SessionMachine",
      "AttachDevice()",
    );
  if (path === "none") {
    if (!before)
      throw refusal(
        `No storage device attached to device slot 0 on port ${port} of controller '${name}'`,
        "VBOX_E_OBJECT_NOT_FOUND",
        "SessionMachine",
        "DetachDevice(Bstr(pszCtl).raw(), port, device)",
      );
    controller.attached.delete(port);
    const medium = state.media.get(before.medium);
    if (medium && before.type === "hdd" && port > 0) await unplug(vm, medium);
    return "";
  }
  const type = line.option("--type");
  if (type === "dvddrive") {
    if (!existsSync(path)) open(state, path);
    controller.attached.set(port, { type, medium: path, mode: "readonly", hotpluggable });
    return "";
  }
  const medium = open(state, path);
  const mode = line.option("--mtype") ?? "normal";
  const other = users(state, path)[0];
  if (other)
    throw refusal(
      `Cannot attach medium '${path}' {${medium.uuid}}: medium is already associated with the current state of machine uuid {${other.uuid}}!`,
      "VBOX_E_OBJECT_IN_USE",
      "MediumWrap",
      "AttachDevice()",
    );
  controller.attached.set(port, { type: "hdd", medium: medium.path, mode, hotpluggable });
  if (port === 0 && medium.image !== undefined) vm.image = medium.image;
  if (port > 0 && vm.isOn) await plug(vm, medium);
  return "";
};

/** Disks and CDs. */
export const MEDIA: Readonly<Record<string, Work>> = {
  createmedium,
  clonemedium,
  convertfromraw,
  modifymedium,
  closemedium,
  showmediuminfo,
  storagectl,
  storageattach,
};
