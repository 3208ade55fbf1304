import { join } from "node:path";
import { quote } from "../quote.js";
import { algorithmsFor, parseHostKey } from "./host-key.js";
import type { SshEndpoint, SshTarget } from "./target.js";

/** Names under which ssh looks up the pinned keys, whatever address and port a machine has. */
export const ALIAS = "firn-host";
export const VIA_ALIAS = "firn-jump-host";

/** Files of a connection, all in its private directory. */
export interface ConnectionFiles {
  readonly directory: string;
  readonly knownHosts: string;
  readonly socket: string;
  readonly identity: string;
  readonly viaIdentity: string;
}

/** The paths below a connection's private directory; the socket's is short, because sockets may have 108 bytes at most. */
export function filesIn(directory: string): ConnectionFiles {
  const file = (name: string) => join(directory, name);
  return {
    directory,
    knownHosts: file("known_hosts"),
    socket: file("s"),
    identity: file("identity"),
    viaIdentity: file("via"),
  };
}

/** What the private known_hosts contains: the pinned keys and nothing else. */
export function knownHostsText(target: SshTarget): string {
  const line = (alias: string, endpoint: SshEndpoint) => `${alias} ${parseHostKey(endpoint.hostKey).line}\n`;
  return line(ALIAS, target) + (target.via ? line(VIA_ALIAS, target.via) : "");
}

/** Arguments of the ssh process that holds the connection and lets others share it through the socket. */
export function masterArguments(
  target: SshTarget,
  files: ConnectionFiles,
  connectTimeoutMs: number,
  command: string,
): string[] {
  const proxy = target.via
    ? ["-o", `ProxyCommand=${proxyCommand(target.via, target, files, connectTimeoutMs)}`]
    : [];
  return [
    ...endpointOptions(target, ALIAS, files.knownHosts, files.identity, connectTimeoutMs),
    ...["-o", "ControlMaster=yes", "-o", `ControlPath=${files.socket}`, "-o", "ControlPersist=no"],
    ...["-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3"],
    ...["-o", "RemoteCommand=none", "-o", "ClearAllForwardings=yes", "-T", ...proxy],
    ...["--", target.address, command],
  ];
}

/** Arguments of an ssh process that runs one command over the open connection, and never opens one itself. */
export function sessionArguments(files: ConnectionFiles, command: string): string[] {
  return [
    ...[
      "-F",
      "none",
      "-S",
      files.socket,
      "-o",
      "ControlMaster=no",
      "-o",
      "BatchMode=yes",
      "-o",
      "LogLevel=ERROR",
    ],
    ...["-o", "StrictHostKeyChecking=yes", "-o", `UserKnownHostsFile=${files.knownHosts}`],
    // Where the master is gone, ssh would connect by itself: this keeps it from that.
    ...["-o", "ProxyCommand=exit 1", "-T", "--", ALIAS, command],
  ];
}

function endpointOptions(
  endpoint: SshEndpoint,
  alias: string,
  knownHosts: string,
  identity: string,
  connectTimeoutMs: number,
): string[] {
  const options: string[] = [];
  const set = (name: string, value: string) => options.push("-o", `${name}=${value}`);
  if (endpoint.identity !== undefined) {
    // A key of Firn's own: nothing of the user's configuration may change how it is used.
    options.push("-F", "none", "-i", identity);
    set("IdentitiesOnly", "yes");
    set("IdentityAgent", "none");
  }
  set("BatchMode", "yes");
  set("StrictHostKeyChecking", "yes");
  set("UserKnownHostsFile", knownHosts);
  set("GlobalKnownHostsFile", "/dev/null");
  set("KnownHostsCommand", "none");
  set("VerifyHostKeyDNS", "no");
  set("UpdateHostKeys", "no");
  set("CheckHostIP", "no");
  set("HostKeyAlias", alias);
  set("HostKeyAlgorithms", algorithmsFor(parseHostKey(endpoint.hostKey)));
  set("ConnectTimeout", String(Math.max(1, Math.ceil(connectTimeoutMs / 1000))));
  set("ForwardAgent", "no");
  set("ForwardX11", "no");
  set("PermitLocalCommand", "no");
  if (endpoint.port !== undefined) options.push("-p", String(endpoint.port));
  const user = endpoint.user ?? (endpoint.identity === undefined ? undefined : "root");
  if (user !== undefined) options.push("-l", user);
  return options;
}

/** The command through which ssh reaches a machine behind a jump host; a shell reads it, so it is quoted. */
function proxyCommand(
  via: SshEndpoint,
  target: SshEndpoint,
  files: ConnectionFiles,
  connectTimeoutMs: number,
): string {
  const options = endpointOptions(via, VIA_ALIAS, files.knownHosts, files.viaIdentity, connectTimeoutMs);
  const forward = `[${target.address}]:${target.port ?? 22}`;
  const own = ["-o", "ControlMaster=no", "-o", "ControlPath=none", "-o", "ClearAllForwardings=no"];
  return quote(["ssh", ...options, ...own, "-W", forward, "--", via.address]).replaceAll("%", "%%");
}
