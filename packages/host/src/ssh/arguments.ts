import { quote } from "../quote.js";
import type { ConnectionFiles, HopFiles } from "./files.js";
import { algorithmsFor, hostKeyAlias, parseHostKey } from "./host-key.js";
import { hopsOf, hostName, type JumpHost, type SshTarget } from "./target.js";

/** Name under which ssh looks up a pinned key, whatever address and port the machine has. */
export const ALIAS = "firn-host";

/** Arguments of the ssh process that holds the connection and lets others share it through the socket. */
export function masterArguments(
  target: SshTarget,
  files: ConnectionFiles,
  connectTimeoutMs: number,
  command: string,
): string[] {
  return [
    ...hopOptions(hopsOf(target), 0, files, connectTimeoutMs),
    ...["-o", "ControlMaster=yes", "-o", `ControlPath=${files.socket}`, "-o", "ControlPersist=no"],
    ...["-o", "ServerAliveInterval=10", "-o", "ServerAliveCountMax=3"],
    ...["-o", "RemoteCommand=none", "-o", "ClearAllForwardings=yes", "-T"],
    ...["--", hostName(target.address), command],
  ];
}

/** Arguments of an ssh process that runs one command over the open connection, and never opens one itself. */
export function sessionArguments(files: ConnectionFiles, command: string): string[] {
  const knownHosts = files.hops[0]?.knownHosts ?? "/dev/null";
  return [
    ...["-F", "none", "-S", files.socket, "-o", "ControlMaster=no", "-o", "BatchMode=yes"],
    ...["-o", "LogLevel=ERROR", "-o", "StrictHostKeyChecking=yes", "-o", `UserKnownHostsFile=${knownHosts}`],
    // Where the master is gone, ssh would connect by itself: this keeps it from that.
    ...["-o", "ProxyCommand=exit 1", "-T", "--", ALIAS, command],
  ];
}

/** Options for the host at `index` and, as the command that leads to it, for the jump hosts before it. */
function hopOptions(
  hops: readonly JumpHost[],
  index: number,
  files: ConnectionFiles,
  connectTimeoutMs: number,
): string[] {
  const hop = hops[index] as JumpHost;
  const hostKey = parseHostKey(hop.hostKey);
  const own = files.hops[index] as HopFiles;
  const options: string[] = [];
  const set = (name: string, value: string) => options.push("-o", `${name}=${value}`);
  if (hop.identity !== undefined) {
    // A key of Firn's own: nothing of the user's configuration may change how it is used.
    options.push("-F", "none", "-i", own.identity);
    set("IdentitiesOnly", "yes");
    set("IdentityAgent", "none");
  } else if (hop.user === undefined) options.push("-F", own.configuration);
  if (hop.certificate !== undefined) set("CertificateFile", own.certificate);
  set("BatchMode", "yes");
  set("StrictHostKeyChecking", "yes");
  set("UserKnownHostsFile", own.knownHosts);
  set("GlobalKnownHostsFile", "/dev/null");
  set("KnownHostsCommand", "none");
  set("VerifyHostKeyDNS", "no");
  set("UpdateHostKeys", "no");
  set("CheckHostIP", "no");
  set("HostKeyAlias", hostKeyAlias(hostKey, ALIAS, hostName(hop.address)));
  set("HostKeyAlgorithms", algorithmsFor(hostKey));
  // ssh counts from its start, when the jump hosts are not reached yet.
  set("ConnectTimeout", String(Math.max(1, Math.ceil(connectTimeoutMs / 1000)) * (hops.length - index)));
  set("LogLevel", "INFO");
  set("ForwardAgent", "no");
  set("ForwardX11", "no");
  set("PermitLocalCommand", "no");
  if (hop.port !== undefined) options.push("-p", String(hop.port));
  const user = hop.user ?? (hop.identity === undefined ? undefined : "root");
  if (user !== undefined) options.push("-l", user);
  if (hops[index + 1]) set("ProxyCommand", proxyCommand(hops, index, files, connectTimeoutMs));
  return options;
}

/** The command through which ssh reaches the host at `index`; a shell reads it after `exec`, so it is quoted. */
function proxyCommand(
  hops: readonly JumpHost[],
  index: number,
  files: ConnectionFiles,
  connectTimeoutMs: number,
): string {
  const to = hops[index] as JumpHost;
  const via = hops[index + 1] as JumpHost;
  const options = hopOptions(hops, index + 1, files, connectTimeoutMs);
  const own = ["-o", "ControlMaster=no", "-o", "ControlPath=none", "-o", "ClearAllForwardings=no"];
  const escaped = (argv: readonly string[]) => quote(argv).replaceAll("%", "%%");
  // Where the user's configuration applies, it may know another name and port for the host.
  const forward =
    to.identity === undefined ? "'[%h]:%p'" : escaped([`[${hostName(to.address)}]:${to.port ?? 22}`]);
  const log = (files.hops[index + 1] as HopFiles).log;
  return `${escaped(["ssh", ...options, ...own, "-W"])} ${forward} ${escaped(["--", hostName(via.address)])} 2>${escaped([log])}`;
}
