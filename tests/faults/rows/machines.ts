import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Fault } from "../fault.js";
import type { Gate, Subject } from "../subject.js";
import { until } from "../until.js";

const restores = new Map<Subject, () => Promise<void>>();

async function rebootAt(subject: Subject, gate: Gate): Promise<void> {
  await subject.reached(gate);
  const before = subject.box.bootId();
  await subject.inside("systemctl reboot --force").catch(() => {}); // the shell goes down with it
  await until(`${subject.name} has rebooted`, () => subject.box.bootId() !== before);
}

/** Empties a file of the new system between its copy and its activation: what a power cut leaves of unsynced files. */
async function damage(subject: Subject, file: string): Promise<void> {
  await subject.reached("copying");
  subject.hold("connecting");
  subject.release("copying");
  await subject.reached("connecting");
  const store = subject.path("/nix/store");
  const versionOf = (name: string) => Number(readFileSync(join(store, name, "etc/version"), "utf8"));
  const systems = readdirSync(store).filter((name) => name.includes("-nixos-system-"));
  const [newest] = systems.toSorted((one, other) => versionOf(other) - versionOf(one));
  truncateSync(join(store, newest ?? "", file));
  subject.release("connecting");
}

/** Lets nothing new be made in a directory. */
const FILL = `
d=$1 small=/run/full
mkdir $small; mount -t tmpfs -o nr_inodes=8 full $small; mkdir $small/new $small/work
mount -t overlay -o lowerdir=$d,upperdir=$small/new,workdir=$small/work full $d
n=0; while touch $d/.full.$n 2>/dev/null; do n=$((n + 1)); done`;

function fullAt(directory: string): Pick<Fault, "arm" | "mend"> {
  return {
    arm: (subject) => subject.inside(FILL, directory),
    mend: (subject) => subject.inside(`umount -l ${directory} /run/full`),
  };
}

let conf: string;

/** Machines in trouble. */
export const MACHINES: readonly Fault[] = [
  {
    row: "The disk is full",
    phase: "copying",
    machine: "disk-copying",
    ends: "old",
    told: [/phase copy: .*(No space left|disk is full)/s, /Free space on the machine/],
    declared: {
      nix: `{ pkgs, ... }: { environment.etc.big.source = pkgs.runCommand "big" { } "head -c 40000000 /dev/zero > $out"; }`,
    },
    arm: async (subject) => void restores.set(subject, await subject.box.fillDisk(20_000_000)),
    mend: (subject) => restores.get(subject)?.(),
  },
  {
    ...fullAt("/etc"),
    row: "The disk is full",
    phase: "testing",
    machine: "disk-activating",
    ends: "old",
    told: [
      /test exited with 2/,
      /may run parts of both systems until a reboot/,
      /No space left/,
      /Free space on the machine/,
    ],
  },
  {
    ...fullAt("/nix/var/nix/profiles"),
    row: "The disk is full",
    phase: "committing, at the profile",
    machine: "disk-profile",
    ends: "old",
    told: [
      /was rolled back and runs \S+ again: the system profile could not be set/,
      /No space left/,
      /Free space on the machine/,
    ],
  },
  {
    ...fullAt("/usr/sbin"),
    row: "The disk is full",
    phase: "committing, at the boot entry",
    machine: "disk-boot-entry",
    ends: "old",
    told: [
      /was rolled back and runs \S+ again, but its boot entry could not be written back/,
      /No space left/,
      /Free space on the machine/,
    ],
  },
  {
    row: "A store path is corrupted on the target",
    machine: "damaged",
    ends: "new",
    warned: /files of 1 store paths were damaged there, .* and were put back: \S+-nixos-system-damaged/,
    arm: (subject) => subject.hold("copying"),
    during: (subject) => damage(subject, "activate"),
  },
  {
    row: "The nix-daemon is dead",
    phase: "copying",
    machine: "no-daemon",
    ends: "old",
    told: [/phase copy: .*cannot connect to socket/s, /The machine's nix-daemon does not answer/],
    arm: (subject) => {
      const file = subject.path("/etc/nix/nix.conf");
      conf = readFileSync(file, "utf8");
      appendFileSync(file, "store = daemon\n");
    },
    mend: (subject) => writeFileSync(subject.path("/etc/nix/nix.conf"), conf),
  },
  {
    row: "The nix-daemon is dead",
    phase: "committing",
    machine: "daemon-dies",
    ends: "old",
    told: [/cannot connect to socket/s, /The machine's nix-daemon does not answer/],
    arm: (subject) => subject.hold("testing"),
    during: async (subject) => {
      await subject.reached("testing");
      const file = subject.path("/etc/nix/nix.conf");
      conf = readFileSync(file, "utf8");
      appendFileSync(file, "store = daemon\n");
      subject.release("testing");
    },
    mend: (subject) => writeFileSync(subject.path("/etc/nix/nix.conf"), conf),
  },
  {
    row: "The host reboots in the middle",
    phase: "copying",
    machine: "boot-copying",
    ends: "old",
    told: [/phase copy: /],
    arm: (subject) => subject.hold("copying"),
    during: (subject) => rebootAt(subject, "copying"),
  },
  {
    row: "The host reboots in the middle",
    phase: "testing",
    machine: "boot-testing",
    ends: "old",
    told: [/phase activate: .*rebooted/s],
    arm: (subject) => subject.hold("testing"),
    during: (subject) => rebootAt(subject, "testing"),
  },
  {
    row: "The host reboots in the middle",
    phase: "committing",
    machine: "boot-committing",
    ends: "old",
    told: [/phase activate: .*rebooted/s],
    arm: (subject) => subject.hold("committing"),
    during: (subject) => rebootAt(subject, "committing"),
  },
  {
    row: "The target has the wrong architecture",
    machine: "architecture",
    ends: "old",
    told: [/x86_64/, /aarch64-linux/],
    declared: { args: { system: "aarch64-linux" } },
  },
];
