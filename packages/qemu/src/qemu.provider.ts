import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type * as pulumi from "@pulumi/pulumi";
import { QemuError } from "./errors.js";
import type { QemuInputs, QemuOutputs } from "./inputs.js";
import { changePorts, growDisk, hasDisk, isRunning, makeFiles, remove, shutDown, start } from "./machine.js";
import { waitForSsh } from "./ready.js";
import { checkComputer, mistakesIn, settingsOf, startSettingsOf } from "./settings.js";
import {
  findInterrupted,
  newId,
  placesOf,
  type QemuRecord,
  readRecord,
  siteDirectory,
  takeAddress,
} from "./site.js";

/** QEMU's user network gives every machine the same address, which only it sees. */
const OUTSIDE_ADDRESS = "10.0.2.15";

/** Life cycle of a virtual machine. Every step can be repeated. */
export const qemu = {
  async check(olds: QemuOutputs | undefined, news: QemuInputs): Promise<pulumi.dynamic.CheckResult> {
    // A machine that is replaced gets a disk of its own.
    const before = olds && replacesOf(olds, news).length === 0 ? olds : undefined;
    return { inputs: news, failures: mistakesIn(news, before) };
  },

  async create(inputs: QemuInputs): Promise<pulumi.dynamic.CreateResult> {
    const owners = [inputs.project, inputs.stack, inputs.network, inputs.name];
    const found = await findInterrupted(owners, inputs.hostPublicKey);
    if (found) return { id: found.id, outs: await outputs(inputs, await bringUp(found, inputs, inputs)) };
    await checkComputer(inputs);
    const record = await newRecord(owners, inputs);
    try {
      await bringUp(record, inputs, inputs);
    } catch (error) {
      await remove(record.id, record);
      throw error;
    }
    return { id: record.id, outs: await outputs(inputs, record) };
  },

  async read(id: string, props: QemuInputs): Promise<pulumi.dynamic.ReadResult> {
    const record = await readRecord(id);
    // Without an id the engine drops the resource.
    if (!record) return {};
    return { id, props: await outputs(props, record) };
  },

  async diff(_id: string, olds: QemuOutputs, news: QemuInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = replacesOf(olds, news);
    const differ = JSON.stringify(settingsOf(olds)) !== JSON.stringify(settingsOf(news));
    return { changes: replaces.length > 0 || differ || !olds.running, replaces, deleteBeforeReplace: true };
  },

  async update(id: string, olds: QemuOutputs, news: QemuInputs): Promise<pulumi.dynamic.UpdateResult> {
    const record = await readRecord(id);
    if (!record)
      throw new QemuError(
        `The machine ${news.name} (${id}) is gone from ${siteDirectory()}: run \`pulumi refresh\`, then \`pulumi up\` makes it anew.`,
      );
    return { outs: await outputs(news, await bringUp(record, news, olds)) };
  },

  async delete(id: string): Promise<void> {
    await remove(id, await readRecord(id));
  },
};

/** A machine with another one of these is another machine. Not its host key: the machine's System replaces that. */
function replacesOf(olds: QemuOutputs, news: QemuInputs): string[] {
  return (["name", "image", "privateNetwork"] as const).filter(
    (property) => olds[property] !== news[property],
  );
}

async function newRecord(owners: readonly string[], inputs: QemuInputs): Promise<QemuRecord> {
  const id = newId(inputs.name);
  const { privateNetwork } = inputs;
  return {
    id,
    hostname: inputs.name,
    owners,
    hostPublicKey: inputs.hostPublicKey,
    ...(privateNetwork === undefined ? {} : { privateNetwork }),
    privateAddress: privateNetwork === undefined ? OUTSIDE_ADDRESS : await takeAddress(privateNetwork, id),
    macs: [macOf(id, 0), macOf(id, 1)],
  };
}

/** An address of QEMU's own block. */
function macOf(id: string, index: number): string {
  const digits = createHash("sha256").update(`${id}/${index}`).digest("hex");
  return `52:54:00:${digits.slice(0, 2)}:${digits.slice(2, 4)}:${digits.slice(4, 6)}`;
}

/** Has a machine be there, with these settings, on, and answering. */
async function bringUp(
  record: QemuRecord,
  news: QemuInputs,
  olds: QemuInputs | QemuOutputs,
): Promise<QemuRecord> {
  const { id } = record;
  if (!(await hasDisk(id))) await makeFiles(record, news);
  await growDisk(id, news);
  const restart = JSON.stringify(startSettingsOf(olds)) !== JSON.stringify(startSettingsOf(news));
  if (restart && (await isRunning(id))) await shutDown(id);
  if (await isRunning(id)) {
    await changePorts(id, olds.ports, news.ports);
    await waitForSsh(record);
  } else {
    await checkComputer(news);
    await start(record, news);
  }
  return record;
}

async function outputs(inputs: QemuInputs, record: QemuRecord): Promise<QemuOutputs> {
  const { hostPrivateKey: _, ...shown } = inputs;
  return {
    ...shown,
    sshPort: Number(await readFile(placesOf(record.id).port, "utf8").catch(() => "0")),
    privateAddress: record.privateAddress,
    running: await isRunning(record.id),
  };
}
