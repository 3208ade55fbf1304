import { join } from "node:path";
import { contains } from "../../../packages/virtualbox/src/subnet.js";
import type { Work } from "./commands.js";
import { denied, Refusal, refusal } from "./errors.js";
import { removeNetwork } from "./ground.js";
import { find } from "./machines.js";
import type { HostOnly, State } from "./state.js";

function adapter(state: State, kind: HostOnly["kind"], name: string | undefined): HostOnly {
  const found = state.hostOnly.find((each) => each.kind === kind && each.name === name);
  if (found) return found;
  throw refusal(
    `The host network interface named '${name}' could not be found`,
    "NS_ERROR_INVALID_ARG",
    "HostWrap",
    "FindHostNetworkInterfaceByName()",
  );
}

function isAllowed(state: State, ip: string): boolean {
  return state.allowed.some(({ base, prefixLength }) => contains({ host: base, prefixLength }, ip));
}

const create: Work = (state) => {
  const taken = state.hostOnly.map(({ name }) => name);
  let number = 0;
  while (taken.includes(`vboxnet${number}`)) number += 1;
  const name = `vboxnet${number}`;
  state.hostOnly.push({ kind: "hostonlyif", name, ip: "", netmask: "" });
  return `0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\nInterface '${name}' was successfully created\n`;
};

const ipconfig: Work = (state, line) => {
  const own = adapter(state, "hostonlyif", line.operands.interface);
  const ip = line.option("--ip") ?? "";
  if (!isAllowed(state, ip)) throw denied("EnableStaticIPConfig(Bstr(pIp).raw(), Bstr(pNetmask).raw())");
  own.ip = ip;
  own.netmask = line.option("--netmask") ?? "255.255.255.0";
  return "";
};

const remove: Work = async (state, line) => {
  const own = adapter(state, "hostonlyif", line.operands.interface);
  state.hostOnly.splice(state.hostOnly.indexOf(own), 1);
  await removeNetwork(state, own);
  return "0%...10%...20%...30%...40%...50%...60%...70%...80%...90%...100%\n";
};

const add: Work = (state, line) => {
  const name = line.option("--name") ?? "";
  if (state.hostOnly.some((each) => each.name === name))
    throw refusal(
      `Host-only network '${name}' already exists`,
      "NS_ERROR_INVALID_ARG",
      "VirtualBoxWrap",
      "CreateHostOnlyNetwork()",
    );
  const [ip = "", netmask = ""] = [line.option("--lower-ip"), line.option("--netmask")];
  state.hostOnly.push({ kind: "hostonlynet", name, ip, netmask });
  return "";
};

const removeNet: Work = async (state, line) => {
  const own = adapter(state, "hostonlynet", line.option("--name"));
  state.hostOnly.splice(state.hostOnly.indexOf(own), 1);
  await removeNetwork(state, own);
  return "";
};

const interfaces: Work = (state) =>
  state.hostOnly
    .filter(({ kind }) => kind === "hostonlyif")
    .map(({ name, ip, netmask }) =>
      [
        `Name:            ${name}`,
        "GUID:            786f6276-656e-4074-8000-0a0027000000",
        "DHCP:            Disabled",
        `IPAddress:       ${ip}`,
        `NetworkMask:     ${netmask}`,
        "IPV6Address:     ",
        "IPV6NetworkMaskPrefixLength: 0",
        "HardwareAddress: 0a:00:27:00:00:00",
        "MediumType:      Ethernet",
        "Wireless:        No",
        "Status:          Up",
        `VBoxNetworkName: HostInterfaceNetworking-${name}`,
        "\n",
      ].join("\n"),
    )
    .join("");

const networks: Work = (state) =>
  state.hostOnly
    .filter(({ kind }) => kind === "hostonlynet")
    .map(({ name, ip, netmask }) =>
      [
        `Name:            ${name}`,
        "GUID:            0c2f1d3e-0000-4000-8000-000000000000",
        "",
        "State:           Enabled",
        `NetworkMask:     ${netmask}`,
        `LowerIP:         ${ip}`,
        `UpperIP:         ${ip.replace(/\d+$/, "9")}`,
        `VBoxNetworkName: hostonly-${name}`,
        "\n",
      ].join("\n"),
    )
    .join("");

const hostinfo: Work = ({ faults: { memory = 16_000, virtualisation = true } }) =>
  [
    "Host Information:",
    "",
    "Processor online count: 4",
    "Processor count: 4",
    `Processor supports HW virtualization: ${virtualisation ? "yes" : "no"}`,
    "Processor supports PAE: yes",
    "Processor supports long mode: yes",
    `Memory size: ${memory} MByte`,
    `Memory available: ${memory} MByte`,
    "Operating system: Linux",
    "",
  ].join("\n");

const systemproperties: Work = ({ directory }) =>
  [
    "API version:                     7_0",
    "Minimum guest RAM size:          4 Megabytes",
    `Default machine folder:          ${join(directory, "VirtualBox VMs")}`,
    "Default hard disk format:        VDI",
    "",
  ].join("\n");

/** Notes of the installation, or of a machine; VirtualBox lets them be written while a machine runs. */
function notesOf(state: State, of: string | undefined): Map<string, string> {
  return of === "global" ? state.notes : find(state, of).notes;
}

const getextradata: Work = (state, line) => {
  const notes = notesOf(state, line.operands.of);
  if (line.operands.key === "enumerate")
    return [...notes].map(([key, value]) => `Key: ${key}, Value: ${value}\n`).join("");
  const value = notes.get(line.operands.key ?? "");
  return value === undefined ? "No value set!\n" : `Value: ${value}\n`;
};

const setextradata: Work = (state, line) => {
  const notes = notesOf(state, line.operands.of);
  const { key = "", value } = line.operands;
  if (/[\n\r]/.test(key)) throw new Refusal(`Invalid extra data key '${key}'`);
  if (value === undefined) notes.delete(key);
  else notes.set(key, value);
  return "";
};

/** This computer, its host-only networks and notes. */
export const HOST: Readonly<Record<string, Work>> = {
  "hostonlyif create": create,
  "hostonlyif ipconfig": ipconfig,
  "hostonlyif remove": remove,
  "hostonlynet add": add,
  "hostonlynet remove": removeNet,
  "list hostonlyifs": interfaces,
  "list hostonlynets": networks,
  "list hostinfo": hostinfo,
  "list systemproperties": systemproperties,
  getextradata,
  setextradata,
};
