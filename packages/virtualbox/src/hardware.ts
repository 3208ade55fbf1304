import { join } from "node:path";
import type { HostOnlyKind } from "./hostonly.js";
import type { AttachedInputs, FolderInputs, MachineInputs } from "./inputs.js";
import type { MachineInfo } from "./manage/info.js";
import { manage } from "./manage/manage.js";

/** The controller of all disks: VirtualBox' own, which every kernel but those for clouds knows. */
export const CONTROLLER = "SATA";
export const DISK_PORT = 0;
export const SEED_PORT = 1;
/** Volumes are at the ports from here on. */
export const FIRST_VOLUME_PORT = 2;
const PORTS = 30;

export async function addController(machine: string): Promise<void> {
  const kind = ["--add=sata", "--controller=IntelAhci", `--portcount=${PORTS}`, "--bootable=on"];
  await manage("add a disk controller", "storagectl", machine, `--name=${CONTROLLER}`, ...kind);
}

/** What a machine has of processors, memory and network; it must be off. */
export async function setHardware(
  machine: string,
  inputs: MachineInputs,
  kind: HostOnlyKind | undefined,
  folder: string,
): Promise<void> {
  const nic2 =
    inputs.bridged !== undefined
      ? ["--nic2=bridged", `--bridge-adapter2=${inputs.bridged}`]
      : kind === "hostonlynet"
        ? ["--nic2=hostonlynet", `--host-only-net2=${inputs.hostOnly}`]
        : ["--nic2=hostonly", `--host-only-adapter2=${inputs.hostOnly}`];
  const args = [
    `--memory=${inputs.memory}`,
    `--cpus=${inputs.cpus}`,
    "--ioapic=on",
    "--rtc-use-utc=on",
    "--graphicscontroller=vmsvga",
    "--boot1=disk",
    "--boot2=none",
    // The way out, and the way in.
    "--nic1=nat",
    "--nic-type1=virtio",
    ...nic2,
    "--nic-type2=virtio",
    // What it says while it boots, for when it does not.
    "--uart1",
    "0x3F8",
    "4",
    "--uart-mode1",
    "file",
    consoleOf(folder),
    ...inputs.flags,
  ];
  await manage(`set up the machine ${inputs.name}`, "modifyvm", machine, ...args);
}

/** File with what a machine said on its serial console. */
export function consoleOf(folder: string): string {
  return join(folder, "console.log");
}

/** Attaches a disk or a CD; a volume also to a machine that runs. */
export async function attach(
  machine: string,
  port: number,
  type: "hdd" | "dvddrive",
  medium: string,
  mode: readonly string[] = [],
): Promise<void> {
  const place = [`--storagectl=${CONTROLLER}`, `--port=${port}`, "--device=0"];
  const what = [`--type=${type}`, `--medium=${medium}`, ...mode];
  await manage(`attach ${medium}`, "storageattach", machine, ...place, ...what);
}

/** Volumes are left out of snapshots: going back must not take data along. And they come and go while the machine runs. */
const VOLUME_MODE = ["--mtype=writethrough", "--hotpluggable=on"];

/** Makes volumes be at their ports, and no others. */
export async function setVolumes(
  machine: string,
  info: MachineInfo,
  volumes: readonly AttachedInputs[],
): Promise<void> {
  const there = mediaOf(info);
  for (const [port, path] of there) {
    const wanted = volumes.find((volume) => volume.port === port);
    if (port >= FIRST_VOLUME_PORT && wanted?.path !== path) await detach(machine, port);
  }
  for (const { port, path } of volumes)
    if (there.get(port) !== path) await attach(machine, port, "hdd", path, VOLUME_MODE);
}

/** Takes a medium out of its port. */
export async function detach(machine: string, port: number): Promise<void> {
  const place = [`--storagectl=${CONTROLLER}`, `--port=${port}`, "--device=0"];
  await manage(`detach what is at port ${port}`, "storageattach", machine, ...place, "--medium=none");
}

/** Paths of the media of the controller, by port. */
export function mediaOf(info: MachineInfo): Map<number, string> {
  const media = new Map<number, string>();
  for (const [key, value] of info) {
    const port = new RegExp(`^${CONTROLLER}-(\\d+)-0$`).exec(key)?.[1];
    if (port !== undefined && value !== "none" && value !== "emptydrive") media.set(Number(port), value);
  }
  return media;
}

/** Makes a machine that is off see these folders, and no others. */
export async function setFolders(
  machine: string,
  info: MachineInfo,
  folders: Readonly<Record<string, FolderInputs>>,
): Promise<void> {
  for (const [key, name] of info)
    if (/^SharedFolderNameMachineMapping\d+$/.test(key))
      await manage(`remove the shared folder ${name}`, "sharedfolder", "remove", machine, `--name=${name}`);
  for (const [name, { hostPath, readOnly }] of Object.entries(folders)) {
    const mode = readOnly ? ["--readonly"] : [];
    const what = [`--name=${name}`, `--hostpath=${hostPath}`, ...mode];
    await manage(`share the folder ${hostPath}`, "sharedfolder", "add", machine, ...what);
  }
}

/** Makes ports of this computer lead to those of a machine, running or not; all others that Firn made go. */
export async function setPorts(
  machine: string,
  info: MachineInfo,
  isRunning: boolean,
  ports: Readonly<Record<string, number>>,
): Promise<void> {
  const rule = async (...args: readonly string[]) => {
    if (isRunning) await manage("forward a port", "controlvm", machine, "natpf1", ...args);
    else await manage("forward a port", "modifyvm", machine, "--nat-pf1", ...args);
  };
  const wanted = new Map(Object.entries(ports).map(([from, to]) => [`firn-${from}`, forwarding(from, to)]));
  const there = [...info].filter(([key]) => /^Forwarding\(\d+\)$/.test(key)).map(([, value]) => value);
  for (const each of there) {
    const name = each.split(",")[0] ?? "";
    if (!name.startsWith("firn-")) continue;
    if (wanted.get(name) === each) wanted.delete(name);
    else await rule("delete", name);
  }
  for (const each of wanted.values()) await rule(each);
}

/** `firn-8080,tcp,127.0.0.1,8080,,80`: without an address, this computer's own programs are meant. */
function forwarding(from: string, to: number): string {
  const [port = "", host = "127.0.0.1"] = from.split(":").reverse();
  return `firn-${from},tcp,${host},${port},,${to}`;
}
