import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { killAll } from "../../packages/container/src/cgroup.js";
import { container } from "../../packages/container/src/container.provider.js";
import { startMachine } from "../../packages/container/src/machine.js";
import { type ContainerRecord, placesOf } from "../../packages/container/src/record.js";
import { siteOf } from "../../packages/container/src/site.js";
import { mainProcess } from "../../packages/container/src/supervisor.js";
import { generateKeyPair } from "../../packages/nixos/src/key-pair.provider.js";
import { fillDisk } from "./fill-disk.js";

const run = promisify(execFile);
/** Entering namespaces alone would keep this computer's rights, its clock for example: they are laid down first. */
const LIKE_THE_MACHINE = ["--bounding-set", "-sys_module,-sys_time,-sys_rawio"];
const INSIDE = {
  encoding: "utf8",
  env: { PATH: "/run/current-system/sw/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  maxBuffer: 64 << 20,
} as const;

/** A machine on this computer, seen from outside of Pulumi and of ssh. */
export interface LabContainer {
  readonly id: string;
  readonly address: string;
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string;
  /** OpenSSH private key that opens root's account; empty for a machine that Pulumi made, whose key is in its stack. */
  readonly identity: string;
  /** Runs a command inside, without ssh, and returns its standard output; throws where it ends with another code than 0. */
  exec(argv: readonly string[]): Promise<string>;
  /** Where this computer sees its root directory for as long as it runs: files are read and written without waiting for a command. */
  root(): string;
  /** Its boot id. */
  bootId(): string;
  /** How many ssh connections it has let in since it booted. */
  sshAccepted(): number;
  /** Where its files are for this computer: what it has on disk besides its image, and its root while it runs. */
  files(): { readonly disk: string; readonly root: string };
  /** Pulls its network cable. */
  linkDown(): Promise<void>;
  linkUp(): Promise<void>;
  /** Leaves room for so many more bytes in its Nix store, until what it returns is called. */
  fillDisk(leave: number): Promise<() => Promise<void>>;
  /** Ends it as a power cut would; its disk and address stay. */
  kill(): Promise<void>;
  /** Powers it on again, and waits for its ssh server. */
  start(): Promise<void>;
  /** Removes it altogether. */
  remove(): Promise<void>;
}

/**
 * Starts a machine without Pulumi, with keys of its own.
 *
 * @param image directory of its root file system; default: the default image
 */
export async function startContainer(name: string, image?: string): Promise<LabContainer> {
  const [host, deploy] = await Promise.all([generateKeyPair(name), generateKeyPair("lab")]);
  const { id } = await container.create({
    project: "lab",
    stack: "lab",
    network: "lab",
    name,
    ...(image === undefined ? {} : { image }),
    hostPublicKey: host.publicKey,
    hostPrivateKey: host.privateKey,
    deployPublicKey: deploy.publicKey,
  });
  return { ...containerOf(id), identity: deploy.privateKey };
}

/**
 * The machine with the id that its Pulumi resource has.
 *
 * @throws where there is none
 */
export function containerOf(id: string): LabContainer {
  const site = siteOf();
  const places = placesOf(site, id);
  const record: ContainerRecord = JSON.parse(readFileSync(places.recordFile, "utf8"));
  const link = async (state: "up" | "down") =>
    void (await run("ip", ["link", "set", "dev", places.veth, state]));
  const nsenter = (argv: readonly string[]) => {
    const pid = mainProcess(site, id);
    if (!pid) throw new Error(`the machine ${id} does not run`);
    return [...LIKE_THE_MACHINE, "nsenter", "--target", String(pid), "--all", "--", ...argv];
  };
  const root = () => `/proc/${mainProcess(site, id) ?? "none"}/root`;
  const exec = async (argv: readonly string[]) => (await run("setpriv", nsenter(argv), INSIDE)).stdout;
  const journal = [
    "journalctl",
    "--quiet",
    "--no-pager",
    "--output=cat",
    "--identifier=sshd",
    "--identifier=sshd-session",
  ];
  return {
    id,
    address: record.address,
    // A server of a cloud's stand-in gets it while it boots.
    get hostKey() {
      return readFileSync(join(places.upper, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8").trim();
    },
    identity: "",
    exec,
    root,
    bootId: () => readFileSync(places.bootId, "utf8").trim(),
    sshAccepted: () => execFileSync("setpriv", nsenter(journal), INSIDE).match(/^Accepted /gm)?.length ?? 0,
    files: () => ({ disk: places.upper, root: `/proc/${mainProcess(site, id)}/root` }),
    linkDown: () => link("down"),
    linkUp: () => link("up"),
    fillDisk: (leave) => fillDisk(exec, leave),
    kill: () => killAll(places.cgroup),
    start: () => startMachine(site, record),
    remove: () => container.delete(id),
  };
}
