import * as grpc from "@grpc/grpc-js";
import plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import status from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { type Account, Unfinished } from "./account.js";
import type { Stored } from "./cloud.js";
import type { Properties } from "./schema.js";

type Struct = InstanceType<typeof struct.Struct>;

/**
 * Serves `pulumirpc.ResourceProvider` for a stand-in, as the engine expects of a plugin: the port is the first line on
 * standard output. Without `Handshake`, the engine calls `Create` and `Update` outside of previews only.
 */
export function serve(account: Account, version: string): void {
  const server = new grpc.Server();
  server.addService(services.ResourceProviderService, {
    getPluginInfo: unary(() => new plugins.PluginInfo().setVersion(version)),
    checkConfig: unary((request: InstanceType<typeof messages.CheckRequest>) =>
      new messages.CheckResponse().setInputs(request.getNews()),
    ),
    diffConfig: unary(() =>
      new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE),
    ),
    // Secrets come as plain values, and the engine marks outputs of the same names again.
    configure: unary(() =>
      new messages.ConfigureResponse().setAcceptsecrets(false).setSupportspreview(false),
    ),
    invoke: unary((request: InstanceType<typeof messages.InvokeRequest>) =>
      new messages.InvokeResponse().setReturn(
        toStruct(account.invoke(request.getTok(), plain(request.getArgs()))),
      ),
    ),
    check: unary((request: InstanceType<typeof messages.CheckRequest>) => check(account, request)),
    diff: unary((request: InstanceType<typeof messages.DiffRequest>) => diff(account, request)),
    create: unary(async (request: InstanceType<typeof messages.CreateRequest>) => {
      const made = await account.create(typeOf(request.getUrn()), plain(request.getProperties()));
      return new messages.CreateResponse().setId(made.id).setProperties(toStruct(made.outputs));
    }),
    read: unary(async (request: InstanceType<typeof messages.ReadRequest>) => {
      const found = await account.read(typeOf(request.getUrn()), request.getId());
      // Without an id the engine takes the resource for gone.
      if (!found) return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(found.id)
        .setInputs(toStruct(found.inputs))
        .setProperties(toStruct(found.outputs));
    }),
    update: unary(async (request: InstanceType<typeof messages.UpdateRequest>) => {
      const type = typeOf(request.getUrn());
      const changed = await account.update(type, request.getId(), plain(request.getNews()));
      return new messages.UpdateResponse().setProperties(toStruct(changed.outputs));
    }),
    delete: unary(async (request: InstanceType<typeof messages.DeleteRequest>) => {
      await account.delete(typeOf(request.getUrn()), request.getId());
      return new empty.Empty();
    }),
    cancel: unary(() => new empty.Empty()),
  } as unknown as grpc.UntypedServiceImplementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
  // An engine that was killed says no goodbye.
  const engine = process.ppid;
  setInterval(() => {
    if (process.ppid !== engine) process.exit(0);
  }, 500).unref();
}

function check(account: Account, request: InstanceType<typeof messages.CheckRequest>) {
  const [type, name] = request.getUrn().split("::").slice(-2) as [string, string];
  const news = plain(request.getNews());
  const property = account.schema.resources[lastType(type)]?.inputProperties.name;
  // The real providers name what has no name anew in each run.
  const named = property && news.name === undefined ? { ...news, name: `${name}-${random()}` } : news;
  const refused = account.check(lastType(type), named);
  return new messages.CheckResponse()
    .setInputs(toStruct(named))
    .setFailuresList(
      refused.map((each) => new messages.CheckFailure().setProperty(each.property).setReason(each.reason)),
    );
}

function diff(account: Account, request: InstanceType<typeof messages.DiffRequest>) {
  const olds = plain(request.getOldInputs());
  const news = plain(request.getNews());
  for (const name of request.getIgnorechangesList()) Object.assign(news, { [name]: olds[name] });
  const { changed, replaces, deleteBeforeReplace } = account.diff(typeOf(request.getUrn()), olds, news);
  const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
  const response = new messages.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList(replaces)
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const { Kind } = messages.PropertyDiff;
  for (const name of changed) {
    const replace = replaces.includes(name);
    const kind = !(name in olds)
      ? replace
        ? Kind.ADD_REPLACE
        : Kind.ADD
      : !(name in news)
        ? replace
          ? Kind.DELETE_REPLACE
          : Kind.DELETE
        : replace
          ? Kind.UPDATE_REPLACE
          : Kind.UPDATE;
    response.getDetaileddiffMap().set(name, new messages.PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return response;
}

/** A handler of one call; errors become what the engine shows. */
function unary<Request, Response>(work: (request: Request) => Response | Promise<Response>) {
  return async (
    call: { request: Request },
    callback: (error: Partial<grpc.ServiceError> | null, response?: Response) => void,
  ) => {
    try {
      callback(null, await work(call.request));
    } catch (error) {
      const { message } = error as Error;
      const details = error instanceof Unfinished ? unfinished(error) : undefined;
      callback({ code: grpc.status.UNKNOWN, details: message, ...(details ? { metadata: details } : {}) });
    }
  };
}

/** Tells the engine, in gRPC's way, that the resource exists although its creation failed. */
function unfinished(error: Unfinished): grpc.Metadata {
  const { stored } = error as { stored: Stored };
  const detail = new messages.ErrorResourceInitFailed()
    .setId(stored.id)
    .setProperties(toStruct(stored.outputs))
    .setInputs(toStruct(stored.inputs))
    .setReasonsList([error.message]);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new status.Status()
    .setCode(grpc.status.UNKNOWN)
    .setMessage(error.message)
    .setDetailsList([packed]);
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return metadata;
}

/** `hcloud:index/server:Server` of `urn:pulumi:dev::shop::firn:nixos:Machine$hcloud:index/server:Server::shop-web`. */
function typeOf(urn: string): string {
  return lastType(urn.split("::").at(-2) ?? "");
}

function lastType(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf("$") + 1);
}

function plain(properties: Struct | undefined): Record<string, unknown> {
  return (properties?.toJavaScript() ?? {}) as Record<string, unknown>;
}

function toStruct(properties: Properties): Struct {
  // JSON leaves out what is undefined, which a Struct cannot hold.
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

function random(): string {
  return Math.random().toString(16).slice(2, 9);
}
