import type * as pulumi from "@pulumi/pulumi";
import { writeIdentity } from "./disk.js";
import { ContainerError } from "./errors.js";
import { ensureImage } from "./image/ensure.js";
import type { ContainerInputs, ContainerOutputs } from "./inputs.js";
import { findInterrupted } from "./interrupted.js";
import {
  authorize,
  canBoot,
  changeSettings,
  createMachine,
  isRunning,
  removeMachine,
  startMachine,
} from "./machine.js";
import { type ContainerRecord, newId, readRecord } from "./record.js";
import { checkSettings, settingsOf } from "./settings.js";
import { type Site, siteOf } from "./site.js";

/**
 * A machine with another one of these is another machine. Not its host key: the disk has the one that it was made with,
 * and the machine's System replaces that.
 */
const IDENTITY = ["name", "image", "from", "privateNetwork", "sharesStore"] as const;

/** Life cycle of a container. Every step can be repeated. */
export const container = {
  async create(inputs: ContainerInputs): Promise<pulumi.dynamic.CreateResult> {
    const site = siteOf();
    await checkSettings(inputs);
    const image = inputs.from === "closure" ? undefined : (inputs.image ?? (await ensureImage()));
    const found = await findInterrupted(site, ownersOf(inputs), image, inputs.hostPublicKey);
    const record = found
      ? await bringUp(site, found, inputs)
      : await createMachine(site, newId(ownersOf(inputs)), {
          hostname: inputs.name,
          ...(image === undefined ? {} : { image }),
          settings: settingsOf(inputs),
          ...(inputs.sharesStore ? { sharesStore: true } : {}),
          ...(inputs.privateNetwork === undefined ? {} : { network: inputs.privateNetwork }),
          prepare: (root) => writeIdentity(root, { hostname: inputs.name, ...inputs }),
        });
    return { id: record.id, outs: outputs(inputs, record, true) };
  },

  async read(id: string, props: ContainerInputs): Promise<pulumi.dynamic.ReadResult> {
    const site = siteOf();
    const record = await readRecord(site, id);
    // Without an id the engine drops the resource.
    if (!record) return {};
    // One that waits for its first system is as it shall be.
    const running = isRunning(site, id) || !(await canBoot(site, record));
    return { id, props: outputs(props, record, running) };
  },

  async diff(_id: string, olds: ContainerOutputs, news: ContainerInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = IDENTITY.filter((property) => olds[property] !== news[property]);
    return {
      changes:
        replaces.length > 0 ||
        olds.deployPublicKey !== news.deployPublicKey ||
        JSON.stringify(settingsOf(olds)) !== JSON.stringify(settingsOf(news)) ||
        !olds.running,
      replaces,
      deleteBeforeReplace: true,
    };
  },

  async update(
    id: string,
    _olds: ContainerOutputs,
    news: ContainerInputs,
  ): Promise<pulumi.dynamic.UpdateResult> {
    const site = siteOf();
    const record = await readRecord(site, id);
    if (!record)
      throw new ContainerError(
        `The machine ${news.name} (${id}) is gone from ${site.directory}: run \`pulumi refresh\`, then \`pulumi up\` makes it anew.`,
      );
    return { outs: outputs(news, await bringUp(site, record, news), true) };
  },

  async delete(id: string): Promise<void> {
    await removeMachine(siteOf(), id);
  },
};

/** Has a machine that exists run, with the key that now opens it. */
async function bringUp(
  site: Site,
  record: ContainerRecord,
  inputs: ContainerInputs,
): Promise<ContainerRecord> {
  await checkSettings(inputs);
  await authorize(site, record.id, inputs.deployPublicKey);
  await changeSettings(site, record, settingsOf(inputs));
  if (!isRunning(site, record.id) && (await canBoot(site, record))) await startMachine(site, record);
  return record;
}

function ownersOf(inputs: ContainerInputs): string[] {
  return [inputs.project, inputs.stack, inputs.network, inputs.name];
}

function outputs(inputs: ContainerInputs, record: ContainerRecord, running: boolean): ContainerOutputs {
  const { hostPrivateKey: _, ...shown } = inputs;
  return { ...shown, address: record.address, running };
}
