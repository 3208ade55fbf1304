import type * as pulumi from "@pulumi/pulumi";
import { RobotError } from "./errors.js";
import { md5Fingerprint } from "./fingerprint.js";
import { activateRescue, bootRescue, reset } from "./rescue.js";
import type { RobotServerInputs, RobotServerOutputs } from "./server.js";
import { WebService } from "./web-service.js";

/** A server, as the web service tells of it. */
interface Server {
  readonly server_ip: string | null;
  readonly server_ipv6_net: string | null;
  readonly product: string;
  readonly dc: string;
  readonly status: string;
  readonly cancelled: boolean;
}

/** Life cycle of {@link RobotServer}: a server that is there already, and stays. */
export const robotServer = {
  /** A server that was not installed yet is reset and its disks are formatted: a preview ends where nobody has confirmed that. */
  async check(
    olds: Partial<RobotServerInputs>,
    { unconfirmed, ...inputs }: RobotServerInputs,
  ): Promise<pulumi.dynamic.CheckResult> {
    const isNew = olds.server !== inputs.server || olds.reinstall !== inputs.reinstall;
    const failures = isNew && unconfirmed !== undefined ? [{ property: "", reason: unconfirmed }] : [];
    return { inputs, failures };
  },

  async create(inputs: RobotServerInputs): Promise<pulumi.dynamic.CreateResult> {
    const service = new WebService(inputs);
    const server = await find(service, inputs.server);
    const address = server.server_ip ?? "";
    await setReverseDns(service, address, inputs.rdns);
    const rescueHostKey = await bootRescue(service, {
      server: inputs.server,
      address,
      fingerprint: md5Fingerprint(inputs.deployPublicKey),
    });
    return { id: `${inputs.server}/${inputs.reinstall}`, outs: outputs(inputs, server, rescueHostKey) };
  },

  async read(id: string, props: RobotServerOutputs): Promise<pulumi.dynamic.ReadResult> {
    const server = await find(new WebService(props), props.server).catch((error: unknown) => {
      if (error instanceof RobotError && error.code === "SERVER_NOT_FOUND") return undefined;
      throw error;
    });
    // Without an id the engine drops the resource.
    return server === undefined ? {} : { id, props: outputs(props, server, props.rescueHostKey) };
  },

  async diff(
    _id: string,
    olds: RobotServerOutputs,
    news: RobotServerInputs,
  ): Promise<pulumi.dynamic.DiffResult> {
    const replaces = (["server", "reinstall"] as const).filter((name) => olds[name] !== news[name]);
    const kept = ["url", "user", "password", "rdns", "onDestroy"] as const;
    return {
      changes: replaces.length > 0 || kept.some((name) => olds[name] !== news[name]),
      replaces: [...replaces],
      deleteBeforeReplace: true,
    };
  },

  async update(
    _id: string,
    olds: RobotServerOutputs,
    news: RobotServerInputs,
  ): Promise<pulumi.dynamic.UpdateResult> {
    const service = new WebService(news);
    const server = await find(service, news.server);
    if (olds.rdns !== news.rdns) await setReverseDns(service, olds.address, news.rdns);
    return { outs: outputs(news, server, olds.rescueHostKey) };
  },

  /** The server stays, and runs on, unless its services shall end: then it waits in its rescue system. */
  async delete(_id: string, props: RobotServerOutputs): Promise<void> {
    if (props.onDestroy !== "rescue") return;
    const service = new WebService(props);
    await activateRescue(service, props.server, md5Fingerprint(props.deployPublicKey));
    await reset(service, props.server);
  },
};

async function find(service: WebService, number: number): Promise<Server> {
  const what = `asking for server ${number}`;
  const { server } = await service.request<{ server: Server }>(`/server/${number}`, { what });
  if (server.status !== "ready")
    throw new RobotError(
      `Hetzner Robot, ${what}: it is not ready (${server.status}): wait until it is handed over.`,
      0,
      "",
    );
  if (!server.server_ip)
    throw new RobotError(
      `Hetzner Robot, ${what}: it has no IPv4 address, at which its rescue system is reached.`,
      0,
      "",
    );
  return server;
}

async function setReverseDns(service: WebService, address: string, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const what = `setting the reverse DNS of ${address}`;
  await service.request(`/rdns/${encodeURIComponent(address)}`, {
    method: "POST",
    form: { ptr: name },
    what,
  });
}

function outputs(inputs: RobotServerInputs, server: Server, rescueHostKey: string): RobotServerOutputs {
  return {
    ...inputs,
    address: server.server_ip ?? "",
    ipv6Network: server.server_ipv6_net ?? "",
    product: server.product,
    datacenter: server.dc,
    rescueHostKey,
  };
}
