import { manage, manageIfThere } from "./manage.js";

/** What `VBoxManage showvminfo --machinereadable` tells of a machine, by key; keys are without quotes. */
export type MachineInfo = ReadonlyMap<string, string>;

/** Reads `VMState="running"`, `memory=2048` and `"SATA-0-0"="/disks/a b.vdi"`. */
export function parseInfo(text: string): MachineInfo {
  const entries = [...text.matchAll(/^(?:"([^"]*)"|([^="\s]+))=(?:"(.*)"|(.*?))\r?$/gm)];
  return new Map(entries.map((entry) => [entry[1] ?? entry[2] ?? "", entry[3] ?? entry[4] ?? ""]));
}

/** @param machine name or UUID; @returns `undefined` where there is none */
export async function infoOf(machine: string): Promise<MachineInfo | undefined> {
  const text = await manageIfThere(`tell of ${machine}`, "showvminfo", machine, "--machinereadable");
  return text === undefined ? undefined : parseInfo(text);
}

/** Whether a machine runs, or is paused, or between the two. */
export function isOn(info: MachineInfo): boolean {
  return !["poweroff", "aborted", "saved", "aborted-saved"].includes(info.get("VMState") ?? "");
}

/** Names of all machines of this user. */
export async function machineNames(): Promise<string[]> {
  const text = await manage("list its machines", "list", "vms");
  return [...text.matchAll(/^"(.*)" \{[0-9a-f-]+\}\r?$/gm)].map((match) => match[1] ?? "");
}

/** What `VBoxManage list hostinfo` says of this computer; `undefined` where it does not say. */
export async function hostInfo(): Promise<{ virtualisation?: boolean; memory?: number }> {
  const text = await manage("tell of this computer", "list", "hostinfo");
  const virtualisation = /^Processor supports HW virtualization:\s*(yes|no)/m.exec(text)?.[1];
  const memory = /^Memory size:\s*(\d+) MByte/m.exec(text)?.[1];
  return {
    ...(virtualisation === undefined ? {} : { virtualisation: virtualisation === "yes" }),
    ...(memory === undefined ? {} : { memory: Number(memory) }),
  };
}

/** The directory of a machine: that of its settings file, which may be of Windows. */
export function folderOf(info: MachineInfo): string {
  return (info.get("CfgFile") ?? "").replace(/[/\\][^/\\]*$/, "");
}
