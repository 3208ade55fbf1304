/** What a host that Firn does not manage needs to know to take part. */
export interface ClientConfig {
  readonly privateKey: string;
  readonly addresses: readonly string[];
  readonly mtu: number;
  readonly peers: readonly ClientPeer[];
}

/** A machine that the host reaches. */
export interface ClientPeer {
  readonly name: string;
  readonly publicKey: string;
  readonly endpoint?: string;
  /** In CIDR notation. */
  readonly addresses: readonly string[];
}

/** How often the host reminds its NAT of the tunnel, in seconds. */
const KEEP_ALIVE_S = 25;

/** A configuration as `wg-quick` and WireGuard's apps read it. */
export function clientConfigText(config: ClientConfig): string {
  const sections = [
    [
      "[Interface]",
      `PrivateKey = ${config.privateKey}`,
      `Address = ${config.addresses.join(", ")}`,
      `MTU = ${config.mtu}`,
    ],
    ...config.peers.map(({ name, publicKey, endpoint, addresses }) => [
      `# ${name}`,
      "[Peer]",
      `PublicKey = ${publicKey}`,
      `AllowedIPs = ${addresses.join(", ")}`,
      ...(endpoint === undefined ? [] : [`Endpoint = ${endpoint}`, `PersistentKeepalive = ${KEEP_ALIVE_S}`]),
    ]),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
