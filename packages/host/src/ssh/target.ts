/** One end of an ssh connection. */
export interface SshEndpoint {
  /** An IP address (of version 6 with or without brackets) or a DNS name; without an identity, also a host of the user's ssh configuration. */
  readonly address: string;
  /** Default: what the user's ssh configuration says where no identity is given, otherwise 22. */
  readonly port?: number;
  /** Default: what the user's ssh configuration says where no identity is given, otherwise `root`. */
  readonly user?: string;
  /** The only host key that is accepted, or the authority whose certificates are: what `parseHostKey` reads. */
  readonly hostKey: string;
  /** OpenSSH private key text. Without it, the user's agent and ssh configuration are used. */
  readonly identity?: string;
  /** OpenSSH certificate of the identity, or of a key in the agent: the text of `id_ed25519-cert.pub`. */
  readonly certificate?: string;
  /** The jump host through which it is reached, pinned like the machine itself. */
  readonly via?: JumpHost;
}

/** A host through which another one is reached; it may have a jump host of its own. */
export interface JumpHost extends SshEndpoint {
  /** Its name, for messages. */
  readonly name?: string;
}

/** How commands become root where the connection's user is another one. */
export interface Privilege {
  readonly method: "sudo" | "doas";
  /** Without one, the machine must not ask for any. It goes over standard input, never into arguments or the environment. */
  readonly password?: string;
}

/** A machine that is reached over ssh. */
export interface SshTarget extends SshEndpoint {
  /** The machine's name, for messages. */
  readonly name: string;
  /** Default: sudo without a password. */
  readonly privilege?: Privilege;
}

/** The hosts of a connection, the machine first, then its jump host, then that one's. */
export function hopsOf(target: SshEndpoint): readonly JumpHost[] {
  const hops: JumpHost[] = [];
  for (let hop: JumpHost | undefined = target; hop; hop = hop.via) hops.push(hop);
  return hops;
}

/**
 * An address as ssh takes it: IP addresses of version 6 without the brackets that URLs put around them.
 *
 * @throws TypeError when it can be no address and no name
 */
export function hostName(address: string): string {
  const bare = address.replace(/^\[(.*)\]$/, "$1");
  if (!/^[\p{L}\p{N}_:][\p{L}\p{N}_.:%-]*$/u.test(bare))
    throw new TypeError(`${JSON.stringify(address)} is neither an IP address nor a host name`);
  return bare;
}
