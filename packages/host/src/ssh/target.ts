/** One end of an ssh connection. */
export interface SshEndpoint {
  /** An IP address or a DNS name; without an identity, also a host of the user's ssh configuration. */
  readonly address: string;
  readonly port?: number;
  readonly user?: string;
  /** The only host key that is accepted: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** OpenSSH private key text. Without it, the user's agent and ssh configuration are used. */
  readonly identity?: string;
}

/** A machine that is reached over ssh. */
export interface SshTarget extends SshEndpoint {
  /** The machine's name, for messages. */
  readonly name: string;
  /** The jump host, pinned like the machine itself. */
  readonly via?: SshEndpoint;
}
