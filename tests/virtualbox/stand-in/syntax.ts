import { Refusal } from "./errors.js";

/** Values that an option takes: any, one of some, those of a form, or none; a number says how many words. */
type Value = "any" | readonly string[] | RegExp | "none" | 2 | 3;

/** A command as the manual of VBoxManage 7 documents it. */
interface Command {
  /** What must be given in this order, by name; a `?` at the end may be left out. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, Value>>;
  readonly required?: readonly string[];
}

/** A command line that is right. */
export interface Parsed {
  readonly command: string;
  readonly operands: Readonly<Record<string, string>>;
  /** In order, because they take effect in order. */
  readonly options: readonly { readonly name: string; readonly values: readonly string[] }[];
  option(name: string): string | undefined;
}

const ON_OFF = ["on", "off"];
const NUMBER = /^\d+$/;
const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const FORMATS = ["VDI", "VMDK", "VHD"];

/** doc/manual/en_US/man_VBoxManage-*.xml; a command that is not here is one that Firn does not use. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  "list vms": { operands: [], options: { "--long": "none", "--sorted": "none" } },
  "list hostinfo": { operands: [], options: {} },
  "list hostonlyifs": { operands: [], options: {} },
  "list hostonlynets": { operands: [], options: {} },
  "list systemproperties": { operands: [], options: {} },
  createvm: {
    operands: [],
    options: {
      "--name": "any",
      "--platform-architecture": ["x86", "arm"],
      "--basefolder": "any",
      "--default": "none",
      "--groups": /^\//,
      "--ostype": ["Debian_64", "Ubuntu_64", "Linux26_64"],
      "--register": "none",
      "--uuid": /^[0-9a-f-]{36}$/,
    },
    required: ["--name"],
  },
  unregistervm: { operands: ["vm"], options: { "--delete": "none", "--delete-all": "none" } },
  showvminfo: { operands: ["vm"], options: { "--details": "none", "--machinereadable": "none" } },
  startvm: { operands: ["vm"], options: { "--type": ["gui", "headless", "sdl", "separate"] } },
  "controlvm poweroff": { operands: ["vm"], options: {} },
  "controlvm acpipowerbutton": { operands: ["vm"], options: {} },
  "controlvm natpf1": { operands: ["vm", "rule", "name?"], options: {} },
  modifyvm: {
    operands: ["vm"],
    options: {
      "--memory": NUMBER,
      "--vram": NUMBER,
      "--cpus": NUMBER,
      "--ioapic": ON_OFF,
      "--nested-hw-virt": ON_OFF,
      "--rtc-use-utc": ON_OFF,
      "--graphicscontroller": ["none", "vboxvga", "vmsvga", "vboxsvga", "qemuramfb"],
      "--firmware": ["bios", "efi", "efi32", "efi64"],
      "--boot1": ["none", "floppy", "dvd", "disk", "net"],
      "--boot2": ["none", "floppy", "dvd", "disk", "net"],
      "--nic1": ["none", "null", "nat"],
      "--nic2": [
        "none",
        "null",
        "nat",
        "bridged",
        "intnet",
        "hostonly",
        "hostonlynet",
        "generic",
        "natnetwork",
      ],
      "--nic-type1": ["Am79C970A", "Am79C973", "82540EM", "82543GC", "82545EM", "virtio"],
      "--nic-type2": ["Am79C970A", "Am79C973", "82540EM", "82543GC", "82545EM", "virtio"],
      "--bridge-adapter2": "any",
      "--host-only-adapter2": "any",
      "--host-only-net2": "any",
      "--nat-pf1": "any",
      "--uart1": 2,
      "--uart-mode1": 2,
    },
  },
  storagectl: {
    operands: ["vm"],
    options: {
      "--name": "any",
      "--add": ["floppy", "ide", "pcie", "sas", "sata", "scsi", "usb"],
      "--controller": [
        "BusLogic",
        "ICH6",
        "IntelAhci",
        "LSILogic",
        "NVMe",
        "PIIX3",
        "PIIX4",
        "USB",
        "VirtIO",
      ],
      "--bootable": ON_OFF,
      "--hostiocache": ON_OFF,
      "--portcount": NUMBER,
    },
    required: ["--name"],
  },
  storageattach: {
    operands: ["vm"],
    options: {
      "--storagectl": "any",
      "--port": NUMBER,
      "--device": NUMBER,
      "--type": ["dvddrive", "hdd", "fdd"],
      "--medium": "any",
      "--mtype": ["normal", "writethrough", "immutable", "shareable", "readonly", "multiattach"],
      "--hotpluggable": ON_OFF,
    },
    required: ["--storagectl"],
  },
  createmedium: {
    operands: ["kind?"],
    options: { "--filename": "any", "--size": NUMBER, "--sizebyte": NUMBER, "--format": FORMATS },
    required: ["--filename"],
  },
  clonemedium: { operands: ["source", "target", "kind?"], options: { "--format": FORMATS } },
  convertfromraw: { operands: ["source", "target"], options: { "--format": FORMATS } },
  modifymedium: { operands: ["kind", "medium"], options: { "--resize": NUMBER, "--resizebyte": NUMBER } },
  closemedium: { operands: ["kind", "medium"], options: { "--delete": "none" } },
  showmediuminfo: { operands: ["kind", "medium"], options: {} },
  getextradata: { operands: ["of", "key"], options: {} },
  setextradata: { operands: ["of", "key", "value?"], options: {} },
  "guestproperty get": { operands: ["vm", "property"], options: { "--verbose": "none" } },
  "sharedfolder add": {
    operands: ["vm"],
    options: {
      "--name": "any",
      "--hostpath": "any",
      "--readonly": "none",
      "--transient": "none",
      "--automount": "none",
      "--auto-mount-point": "any",
    },
    required: ["--name", "--hostpath"],
  },
  "sharedfolder remove": { operands: ["vm"], options: { "--name": "any" }, required: ["--name"] },
  "snapshot take": { operands: ["vm", "name"], options: { "--description": "any", "--live": "none" } },
  "snapshot delete": { operands: ["vm", "name"], options: {} },
  "hostonlyif create": { operands: [], options: {} },
  "hostonlyif ipconfig": {
    operands: ["interface"],
    options: { "--ip": IPV4, "--netmask": IPV4, "--dhcp": "none" },
  },
  "hostonlyif remove": { operands: ["interface"], options: {} },
  "hostonlynet add": {
    operands: [],
    options: {
      "--name": "any",
      "--netmask": IPV4,
      "--lower-ip": IPV4,
      "--upper-ip": IPV4,
      "--enable": "none",
      "--disable": "none",
    },
    required: ["--name", "--netmask", "--lower-ip", "--upper-ip"],
  },
  "hostonlynet remove": { operands: [], options: { "--name": "any" }, required: ["--name"] },
};

/** Commands whose verb comes after the machine. */
const VERB_LAST = ["controlvm", "snapshot"];
const GROUPS = ["list", "guestproperty", "sharedfolder", "hostonlyif", "hostonlynet"];

/**
 * Reads a command line as strictly as the real one does.
 *
 * @throws Refusal with exit code 2 and the words of VBoxManage
 */
export function parse(argv: readonly string[]): Parsed {
  const [word = "", ...rest] = argv;
  const [name, words] = VERB_LAST.includes(word)
    ? [`${word} ${rest[1] ?? ""}`, [rest[0] ?? "", ...rest.slice(2)]]
    : GROUPS.includes(word)
      ? [`${word} ${rest[0] ?? ""}`, rest.slice(1)]
      : [word, rest];
  const command = COMMANDS[name];
  if (!command) throw wrong(`Invalid command '${name.trim()}'`);
  const operands: string[] = [];
  const options: { name: string; values: string[] }[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const each = words[index] ?? "";
    if (!each.startsWith("--")) {
      operands.push(each);
      continue;
    }
    const [option = "", ...after] = each.split("=");
    const kind = command.options[option];
    if (kind === undefined) throw wrong(`Unknown option: ${option}`);
    if (kind === "none") {
      if (after.length > 0) throw wrong(`Option '${option}' does not take a value`);
      options.push({ name: option, values: [] });
      continue;
    }
    const count = typeof kind === "number" ? kind : 1;
    const values = after.length > 0 ? [after.join("=")] : [];
    while (values.length < count) {
      index += 1;
      const value = words[index];
      if (value === undefined) throw wrong(`No value given for option ${option}`);
      values.push(value);
    }
    // A rule of port forwarding is removed by two words.
    if (option === "--nat-pf1" && values[0] === "delete") {
      index += 1;
      values.push(words[index] ?? "");
    }
    const isAllowed = Array.isArray(kind)
      ? kind.includes(values[0])
      : kind instanceof RegExp
        ? kind.test(values[0] ?? "")
        : true;
    if (!isAllowed) throw wrong(`Invalid parameter '${values[0]}' for option ${option}`);
    options.push({ name: option, values });
  }
  for (const required of command.required ?? [])
    if (!options.some((each) => each.name === required)) throw wrong(`Parameter ${required} is required`);
  const wanted = command.operands.filter((each) => !each.endsWith("?"));
  if (operands.length < wanted.length) throw wrong(`Not enough parameters: ${wanted.join(", ")}`);
  if (operands.length > command.operands.length)
    throw wrong(`Too many parameters: '${operands[command.operands.length]}'`);
  const named = Object.fromEntries(
    operands.map((value, index) => [(command.operands[index] ?? "").replace("?", ""), value]),
  );
  return {
    command: name,
    operands: named,
    options,
    option: (wanted) => options.findLast((each) => each.name === wanted)?.values[0],
  };
}

function wrong(text: string): Refusal {
  return new Refusal(text, 2);
}
