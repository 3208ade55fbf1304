import { isDeepStrictEqual } from "node:util";
import { formatSubnet, overlaps, type Subnet } from "@firn/nixos/ipv4";
import type * as pulumi from "@pulumi/pulumi";
import { LibvirtError } from "../errors.js";
import { digest, type Owner, uuidOf } from "../owner.js";
import { Virsh, VirshError, XML } from "../virsh/virsh.js";
import type { XmlElement } from "../xml/element.js";
import { readXml } from "../xml/read.js";
import { addressesOf, completeNetwork } from "./definition.js";
import { networkSubnet } from "./subnet.js";

/** What the Pulumi resource of a network is given. */
export interface NetworkInputs {
  readonly uri: string;
  /** Its name in libvirt. */
  readonly name: string;
  readonly owner: Owner;
  readonly definition: XmlElement;
  /** `10.83.12.0/24`; default: one that is free on the host. */
  readonly subnet?: string;
}

/** What the resource puts out. */
export interface NetworkOutputs extends NetworkInputs {
  readonly subnet: string;
  /** False where it was stopped behind our back; the next `up` starts it. */
  readonly active: boolean;
}

/** How many subnets are tried before the host is said to have none free. */
const CANDIDATES = 32;

/** Life cycle of a network. Every step can be repeated. */
export const network = {
  async create(inputs: NetworkInputs): Promise<pulumi.dynamic.CreateResult> {
    const virsh = new Virsh(inputs.uri);
    const { name } = inputs;
    const uuid = uuidOf(inputs.owner);
    const found = await virsh.ask(["net-uuid", name]);
    if (found !== undefined && found !== uuid)
      throw new LibvirtError(
        `libvirt at ${inputs.uri} has a network ${name} already, which this stack did not make (its UUID is ${found}). Firn leaves it alone: rename your Firn network, remove that one (\`virsh net-undefine ${name}\`), or use it as it is: libvirt({ network: ${JSON.stringify(name)} }).`,
      );
    if (found === undefined) await make(virsh, inputs, uuid);
    else await start(virsh, name);
    return { id: uuid, outs: await outputs(virsh, inputs, uuid) };
  },

  async read(id: string, props: NetworkOutputs): Promise<pulumi.dynamic.ReadResult> {
    const virsh = new Virsh(props.uri);
    // Without an id the engine drops the resource.
    if ((await virsh.ask(["net-uuid", props.name])) !== id) return {};
    return { id, props: await outputs(virsh, props, id) };
  },

  async diff(_id: string, olds: NetworkOutputs, news: NetworkInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = [
      ...(olds.name === news.name ? [] : ["name"]),
      ...(isDeepStrictEqual(olds.definition, news.definition) ? [] : ["definition"]),
      ...(news.subnet === undefined || news.subnet === olds.subnet ? [] : ["subnet"]),
    ];
    return {
      changes: replaces.length > 0 || olds.uri !== news.uri || !olds.active,
      replaces,
      deleteBeforeReplace: true,
    };
  },

  async update(id: string, _olds: NetworkOutputs, news: NetworkInputs): Promise<pulumi.dynamic.UpdateResult> {
    const virsh = new Virsh(news.uri);
    if ((await virsh.ask(["net-uuid", news.name])) !== id)
      throw new LibvirtError(
        `libvirt at ${news.uri} does not have the network ${news.name} of this stack. Where it was removed, run \`pulumi refresh\`, and \`pulumi up\` makes it anew. To move to another host, destroy the stack's machines first.`,
      );
    await start(virsh, news.name);
    return { outs: await outputs(virsh, news, id) };
  },

  async delete(id: string, props: NetworkOutputs): Promise<void> {
    const virsh = new Virsh(props.uri);
    if ((await virsh.ask(["net-uuid", props.name])) !== id) return;
    if (await isActive(virsh, id)) await virsh.run(["net-destroy", id]);
    await virsh.run(["net-undefine", id]);
  },
};

/** Defines and starts a network; one that cannot be started is not left behind. */
async function make(virsh: Virsh, inputs: NetworkInputs, uuid: string): Promise<void> {
  const tried: string[] = [];
  for (const subnet of await candidates(virsh, inputs)) {
    tried.push(formatSubnet(subnet));
    await virsh.withXml(["net-define", XML], completeNetwork(inputs.definition, uuid, subnet));
    try {
      await start(virsh, inputs.name);
      return;
    } catch (error) {
      await virsh.run(["net-undefine", uuid]);
      const isTaken = error instanceof VirshError && /already in use/.test(error.said);
      if (!isTaken || inputs.subnet !== undefined) throw error;
    }
  }
  throw new LibvirtError(
    `The host ${inputs.uri} has no subnet free for the network ${inputs.name}: ${tried.join(", ")} are in use. Say one: libvirt({ network: { subnet: "10.83.12.0/24" } }).`,
  );
}

/** Subnets that no network of libvirt's has, whether it runs or not; what else the host uses, it says when one is started. */
async function candidates(virsh: Virsh, inputs: NetworkInputs): Promise<Subnet[]> {
  if (inputs.subnet !== undefined) return [networkSubnet(inputs.subnet)];
  const names = (await virsh.run(["net-list", "--all", "--name"])).split("\n").map((name) => name.trim());
  const texts = await Promise.all(
    names.filter((name) => name !== "").map((name) => virsh.ask(["net-dumpxml", name])),
  );
  const used = texts.flatMap((text) => {
    const { subnet } = text === undefined ? {} : addressesOf(readXml(text));
    return subnet === undefined ? [] : [networkSubnet(subnet)];
  });
  const all = Array.from({ length: CANDIDATES }, (_, index) => {
    const hex = digest("subnet", uuidOf(inputs.owner), String(index));
    // 10.64.0.0 to 10.127.255.0: away from where people and clouds begin to count.
    const second = 64 + (Number.parseInt(hex.slice(0, 2), 16) % 64);
    return networkSubnet(`10.${second}.${Number.parseInt(hex.slice(2, 4), 16)}.0/24`);
  });
  return all.filter((subnet) => !used.some((other) => overlaps(subnet, other)));
}

/** Starts a network, now and with the host. */
async function start(virsh: Virsh, name: string): Promise<void> {
  if (!(await isActive(virsh, name))) await virsh.run(["net-start", name]);
  await virsh.run(["net-autostart", name]);
}

async function isActive(virsh: Virsh, name: string): Promise<boolean> {
  return /^Active:\s+yes$/m.test(await virsh.run(["net-info", name]));
}

async function outputs(virsh: Virsh, inputs: NetworkInputs, uuid: string): Promise<NetworkOutputs> {
  const { subnet = "" } = addressesOf(readXml(await virsh.run(["net-dumpxml", uuid])));
  return { ...inputs, subnet, active: await isActive(virsh, uuid) };
}
