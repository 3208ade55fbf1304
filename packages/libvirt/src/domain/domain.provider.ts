import { isDeepStrictEqual } from "node:util";
import { statusOf } from "@firn/nixos/cloud";
import type * as pulumi from "@pulumi/pulumi";
import { LibvirtError } from "../errors.js";
import { releaseAddress } from "../network/reserve.js";
import { Virsh } from "../virsh/virsh.js";
import { removeConsole } from "./console.js";
import type { DomainInputs, DomainOutputs } from "./inputs.js";
import { bringUp, findDomain, isRunning } from "./life.js";
import { isStatic, placeOf, withoutPrefix } from "./place.js";
import { waitUntilUp } from "./ready.js";

/** A machine with another one of these is another machine. */
const IDENTITY = ["name", "machine", "disk", "libvirtNetwork", "mac"] as const;

/** Life cycle of a domain. Every step can be repeated. */
export const domain = {
  async create(inputs: DomainInputs): Promise<pulumi.dynamic.CreateResult> {
    const virsh = new Virsh(inputs.uri);
    const found = await findDomain(virsh, inputs);
    if (found && !found.isOurs)
      throw new LibvirtError(
        `libvirt at ${inputs.uri} has a machine ${inputs.name} already, which this stack did not make (its UUID is ${found.uuid}). Firn leaves it alone: rename your machine or its network, or remove that one (\`virsh undefine ${found.uuid}\`).`,
      );
    const address = await placeOf(virsh, inputs);
    const status = statusOf(inputs.component);
    // What a run that was cut off has started runs as it was told to.
    const before = found && { uuid: found.uuid, definition: inputs.definition };
    const made = await bringUp(virsh, inputs, status, before).catch(async (error: unknown) => {
      // One that cannot be started is not left behind.
      if (!found) await remove(virsh, inputs);
      throw error;
    });
    const outs = { ...inputs, address, running: true, emulated: made.emulated };
    status.show("booting");
    await waitUntilUp(virsh, made.uuid, address, inputs).catch((error: Error) => {
      // The engine keeps what is there, and the next run goes on with it.
      throw Object.assign(new LibvirtError(error.message), {
        id: made.uuid,
        properties: { ...outs, running: false },
        reasons: [error.message],
      });
    });
    return { id: made.uuid, outs };
  },

  async read(id: string, props: DomainOutputs): Promise<pulumi.dynamic.ReadResult> {
    const virsh = new Virsh(props.uri);
    // Without an id the engine drops the resource.
    if ((await virsh.ask(["domname", id])) === undefined) return {};
    return { id, props: { ...props, running: await isRunning(virsh, id) } };
  },

  async diff(_id: string, olds: DomainOutputs, news: DomainInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = IDENTITY.filter((property) => olds[property] !== news[property]);
    if (replaces.length === 0) checkAddress(olds, news);
    const { wantedAddress = olds.address } = news;
    const changed =
      (["uri", "definition", "acceleration"] as const).some(
        (property) => !isDeepStrictEqual(olds[property], news[property]),
      ) || withoutPrefix(wantedAddress) !== olds.address;
    return {
      changes: replaces.length > 0 || changed || !olds.running,
      replaces,
      deleteBeforeReplace: true,
    };
  },

  async update(id: string, olds: DomainOutputs, news: DomainInputs): Promise<pulumi.dynamic.UpdateResult> {
    const virsh = new Virsh(news.uri);
    if ((await virsh.ask(["domname", id])) === undefined)
      throw new LibvirtError(
        `libvirt at ${news.uri} does not have the machine ${news.name} (${id}). Where it was removed, run \`pulumi refresh\`, and \`pulumi up\` makes it anew. To move to another host, destroy the stack's machines first.`,
      );
    const address = await placeOf(virsh, news, olds.address);
    const { definition } = olds;
    const status = statusOf(news.component);
    // A machine asks for its address when it boots, and nothing else that is not in the definition changes while it runs.
    const restart = address !== olds.address || news.acceleration !== olds.acceleration;
    const before = { uuid: id, ...(restart ? {} : { definition }) };
    const { emulated, started } = await bringUp(virsh, news, status, before);
    if (started || !olds.running) await waitUntilUp(virsh, id, address, news);
    return { outs: { ...news, address, running: true, emulated } };
  },

  async delete(id: string, props: DomainOutputs): Promise<void> {
    await remove(new Virsh(props.uri), props, id);
  },
};

/** An address that the machine gives itself is in its own configuration, which is sent to where it is reached now. */
function checkAddress(olds: DomainOutputs, news: DomainInputs): void {
  const { wantedAddress } = news;
  if (wantedAddress === olds.wantedAddress || (!isStatic(wantedAddress) && !isStatic(olds.wantedAddress)))
    return;
  throw new LibvirtError(
    `libvirt({ address }) of ${news.machine} cannot change from ${olds.wantedAddress ?? olds.address} to ${wantedAddress ?? "one of the network's"} while the machine exists, because it gives itself its address. Say the old one again, or replace the machine: \`pulumi up --target-replace\`.`,
  );
}

async function remove(virsh: Virsh, inputs: DomainInputs, id?: string): Promise<void> {
  const found = await findDomain(virsh, inputs);
  const uuid = id ?? (found?.isOurs ? found.uuid : undefined);
  if (uuid !== undefined && (await virsh.ask(["domname", uuid])) !== undefined) {
    if ((await virsh.run(["domstate", uuid])) !== "shut off") await virsh.ask(["destroy", uuid]);
    // A domain without firmware of its own has no NVRAM, which is no error.
    await virsh.ask([
      "undefine",
      uuid,
      "--nvram",
      "--managed-save",
      "--snapshots-metadata",
      "--checkpoints-metadata",
    ]);
  }
  await releaseAddress(virsh, inputs.libvirtNetwork, inputs.mac);
  await removeConsole(virsh, inputs);
}
