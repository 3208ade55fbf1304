import type * as pulumi from "@pulumi/pulumi";
import {
  configureHostOnly,
  type HostOnlyKind,
  hostOnlyNetworks,
  kindOf,
  makeHostOnly,
  removeHostOnly,
  subnetsHere,
} from "./hostonly.js";
import { VirtualboxError } from "./manage/error.js";
import { readNote, writeNote } from "./manage/extra-data.js";
import { checkVersion } from "./manage/manage.js";
import { chooseSubnet, parseSubnet, type Subnet } from "./subnet.js";

/** What the Pulumi resource of a host-only network is given. */
export interface NetworkInputs {
  /** Whose it is, `project/stack/network`; also its name where VirtualBox lets one choose. */
  readonly owner: string;
  readonly name: string;
  /** `192.168.57.0/24`; default: a block that is free. */
  readonly subnet?: string;
}

export interface NetworkOutputs extends NetworkInputs {
  /** What VirtualBox calls it. */
  readonly network: string;
  readonly kind: HostOnlyKind;
}

/** Networks are made one at a time: two must not take the same block. */
let queue: Promise<unknown> = Promise.resolve();

/** Life cycle of a host-only network. */
export const network = {
  create(inputs: NetworkInputs): Promise<pulumi.dynamic.CreateResult> {
    const made = queue.then(() => make(inputs));
    queue = made.catch(() => {});
    return made;
  },

  async read(id: string, props: NetworkOutputs): Promise<pulumi.dynamic.ReadResult> {
    const networks = await hostOnlyNetworks();
    return networks.some(({ kind, name }) => kind === props.kind && name === props.network)
      ? { id, props }
      : {};
  },

  async diff(_id: string, olds: NetworkOutputs, news: NetworkInputs): Promise<pulumi.dynamic.DiffResult> {
    const replaces = (["owner", "subnet"] as const).filter((property) => olds[property] !== news[property]);
    return { changes: replaces.length > 0, replaces, deleteBeforeReplace: true };
  },

  async delete(_id: string, props: NetworkOutputs): Promise<void> {
    await removeHostOnly(props.kind, props.network);
    await writeNote("global", noteOf(props));
    await writeNote("global", subnetNoteOf(props));
  },
};

async function make(inputs: NetworkInputs): Promise<pulumi.dynamic.CreateResult> {
  await checkVersion();
  const kind = kindOf();
  const networks = await hostOnlyNetworks();
  const before = await readNote("global", subnetNoteOf(inputs));
  const subnet = subnetFor(
    // What machines have addresses in, should it have gone with a restart of this computer.
    { ...inputs, ...(before === undefined || inputs.subnet !== undefined ? {} : { subnet: before }) },
    networks.flatMap((each) => each.subnet ?? []),
  );
  // A run that was killed may have made it already; one with other addresses is somebody else's that got the name.
  const noted = await readNote("global", noteOf(inputs));
  const known = networks.find(
    (each) =>
      each.kind === kind &&
      each.name === noted &&
      (before === undefined || each.subnet === undefined || before.startsWith(`${each.subnet.host}/`)),
  );
  if (known?.subnet) return made(inputs, known.name, kind);
  if (!known && kind === "hostonlynet" && networks.some(({ name }) => name === inputs.name))
    throw new VirtualboxError(
      `VirtualBox has a host-only network "${inputs.name}" that this stack did not make: remove it (VBoxManage hostonlynet remove --name=${inputs.name}), or give virtualbox() its name (\`hostOnly\`).`,
    );
  const name = known?.name ?? (await makeHostOnly(kind, inputs.name));
  await writeNote("global", noteOf(inputs), name);
  try {
    await configureHostOnly(kind, name, subnet);
    await writeNote("global", subnetNoteOf(inputs), `${subnet.host}/${subnet.prefixLength}`);
  } catch (error) {
    await removeHostOnly(kind, name);
    await writeNote("global", noteOf(inputs));
    throw error;
  }
  return made(inputs, name, kind);
}

function made(inputs: NetworkInputs, name: string, kind: HostOnlyKind): pulumi.dynamic.CreateResult {
  return { id: name, outs: { ...inputs, network: name, kind } satisfies NetworkOutputs };
}

function subnetFor({ subnet }: NetworkInputs, taken: readonly Subnet[]): Subnet {
  if (subnet !== undefined) {
    const given = parseSubnet(subnet);
    if (given) return given;
    throw new VirtualboxError(
      `virtualbox({ subnet: ${JSON.stringify(subnet)} }) is no IPv4 network of 254 machines or more: write it like "192.168.57.0/24".`,
    );
  }
  const chosen = chooseSubnet([...taken, ...subnetsHere()]);
  if (chosen) return chosen;
  throw new VirtualboxError(
    "All of 192.168.56.0/21, where VirtualBox allows host-only networks, is in use on this computer: remove one that nobody needs (`VBoxManage list hostonlyifs`), allow others in /etc/vbox/networks.conf and give virtualbox() a `subnet`, or give it an existing one (`hostOnly`).",
  );
}

function noteOf({ owner }: Pick<NetworkInputs, "owner">): string {
  return `HostOnly/${owner}`;
}

function subnetNoteOf({ owner }: Pick<NetworkInputs, "owner">): string {
  return `Subnet/${owner}`;
}
