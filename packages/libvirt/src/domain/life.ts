import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Status } from "@firn/nixos/cloud";
import { METADATA_NAMESPACE, tokenOf } from "../owner.js";
import { type Virsh, XML } from "../virsh/virsh.js";
import { find, type XmlElement } from "../xml/element.js";
import { readXml } from "../xml/read.js";
import { accelerationOf, emulationWarning, isKvmFailure, withoutKvm } from "./acceleration.js";
import { consoleFile } from "./console.js";
import { completeDomain, fixedPart, pluggableDisks } from "./definition.js";
import type { DomainInputs } from "./inputs.js";
import { checkMemory } from "./memory.js";

/** How long a machine may take to shut itself down before it is switched off. */
const SHUTDOWN_MS = 90_000;
const POLL_MS = 500;

/** A domain as libvirt has it. */
export interface Found {
  readonly uuid: string;
  readonly running: boolean;
  /** Whether this stack made it. */
  readonly isOurs: boolean;
}

/** Looks for the domain with a machine's name; undefined where there is none. */
export async function findDomain(
  virsh: Virsh,
  inputs: Pick<DomainInputs, "name" | "owner">,
): Promise<Found | undefined> {
  const uuid = await virsh.ask(["domuuid", inputs.name]);
  if (uuid === undefined) return undefined;
  const mark = await virsh.ask(["metadata", uuid, METADATA_NAMESPACE]);
  const owner = mark === undefined ? undefined : readXml(mark).attributes.owner;
  return { uuid, running: await isRunning(virsh, uuid), isOurs: owner === tokenOf(inputs.owner) };
}

/** False for one that is off, has crashed, or is not there. */
export async function isRunning(virsh: Virsh, uuid: string): Promise<boolean> {
  return (await virsh.ask(["domstate", uuid])) === "running";
}

/**
 * Defines a domain, or defines it anew, and sees that it runs as defined. Disks come while it runs; for anything else
 * that changed it is shut down and started again.
 *
 * @param before the definition that it runs with, of one that exists
 * @returns its UUID, and whether it runs without KVM
 */
export async function bringUp(
  virsh: Virsh,
  inputs: DomainInputs,
  status: Status,
  before?: { readonly uuid: string; readonly definition?: XmlElement },
): Promise<{ readonly uuid: string; readonly emulated: boolean; readonly started: boolean }> {
  const { definition, machine } = inputs;
  const arch = find(definition, "os", "type")?.attributes.arch ?? "x86_64";
  const running = before !== undefined && (await isRunning(virsh, before.uuid));
  if (!running) await checkMemory(virsh, machine, inputs.memory);
  const host = {
    token: tokenOf(inputs.owner),
    consoleFile: await consoleFile(virsh, inputs),
    uuid: before?.uuid,
  };
  let acceleration = await accelerationOf(virsh, inputs, arch);
  const define = (uuid = host.uuid) =>
    virsh.withXml(["define", XML], completeDomain(definition, { ...host, uuid, acceleration }));
  await define();
  const uuid = before?.uuid ?? (await virsh.run(["domuuid", inputs.name]));
  const same =
    before?.definition !== undefined &&
    isDeepStrictEqual(fixedPart(before.definition), fixedPart(definition));
  if (running && same) {
    await plugIn(virsh, uuid, before.definition ?? definition, definition);
    return { uuid, emulated: acceleration === "qemu", started: false };
  }
  if (running) {
    status.show("shutting down, for what only changes while it is off");
    await shutDown(virsh, uuid);
    await checkMemory(virsh, machine, inputs.memory);
  }
  status.show("starting");
  try {
    await virsh.run(["start", uuid]);
  } catch (error) {
    if (!isKvmFailure(error) || acceleration === "qemu") throw error;
    if (inputs.acceleration === "kvm") throw withoutKvm(inputs);
    acceleration = "qemu";
    await define(uuid);
    await virsh.run(["start", uuid]);
  }
  if (acceleration === "qemu" && inputs.acceleration !== "emulation")
    status.warn(emulationWarning(inputs.uri));
  return { uuid, emulated: acceleration === "qemu", started: true };
}

/** Shuts a machine down as a person would, and switches it off where it does not. */
async function shutDown(virsh: Virsh, uuid: string): Promise<void> {
  await virsh.run(["shutdown", uuid]);
  const end = performance.now() + SHUTDOWN_MS;
  while (await isRunning(virsh, uuid)) {
    if (performance.now() > end) await virsh.ask(["destroy", uuid]);
    await sleep(POLL_MS);
  }
}

/** Gives a running machine the disks that it has not yet. One that goes stays until its volume goes, unmounted by then. */
async function plugIn(virsh: Virsh, uuid: string, before: XmlElement, after: XmlElement): Promise<void> {
  const had = pluggableDisks(before);
  for (const [serial, disk] of pluggableDisks(after))
    if (!had.has(serial)) await virsh.withXml(["attach-device", uuid, XML, "--live"], disk);
}
