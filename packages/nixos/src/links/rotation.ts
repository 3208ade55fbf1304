import { pkgs, str } from "@firn/nix";
import { whenKnown } from "./facts.js";
import type { LinkEnd, LinkPeer } from "./kind.js";

/** The unit that takes the machine's own new key into use; started when all peers know it. */
export const REKEY_UNIT = "firn-link-rekey.service";

/** How long a machine waits for its peers to greet its new key, in seconds. */
const GREETING_S = 20;

/**
 * Takes the key in the file into use and greets every peer, so that no connection waits for its next packet. The
 * interface stays up: only the sessions are made anew.
 */
export function rekeyUnit(end: LinkEnd) {
  return {
    description: "New key for encrypted links",
    path: [pkgs["wireguard-tools"]],
    serviceConfig: { Type: "oneshot" },
    script: `interface=${end.interface}
begun=$(date +%s)
wg set "$interface" private-key ${end.keyFile}
before=$(wg show "$interface" persistent-keepalive)
for peer in $(wg show "$interface" peers); do
  wg set "$interface" peer "$peer" persistent-keepalive 1
done
waiting() {
  wg show "$interface" latest-handshakes | while read -r peer time; do
    if [ "$time" -lt "$begun" ]; then echo "$peer"; fi
  done
}
until [ -z "$(waiting)" ] || [ $(($(date +%s) - begun)) -ge ${GREETING_S} ]; do sleep 0.2; done
for peer in $(waiting); do echo "no answer yet from $peer"; done
echo "$before" | while read -r peer interval; do
  if [ "$interval" = off ]; then interval=0; fi
  wg set "$interface" peer "$peer" persistent-keepalive "$interval"
done
`,
  };
}

/**
 * Peers that change their key: until one was heard with its new key, the former one serves. The configuration names
 * the new key alone, so that a machine that boots later needs none of this.
 */
export function changeOverUnit(end: LinkEnd, changing: readonly LinkPeer[]) {
  const lines = changing.map(changeOfPeer);
  const calls = whenKnown(lines, () => lines.join(""));
  return {
    description: "Peers of encrypted links that change their key",
    after: [`wireguard-${end.interface}.service`, "systemd-networkd.service"],
    wantedBy: ["multi-user.target"],
    path: [pkgs["wireguard-tools"]],
    script: str`interface=${end.interface}
change() {
  new=$1 old=$2 allowed=$3 endpoint=$4 keepalive=$5
  heard=/var/lib/firn/link/heard/$(printf %s "$new" | sha256sum | cut -c 1-16)
  if [ -e "$heard" ]; then return; fi
  until wg show "$interface" peers | grep -qxF "$new"; do sleep 0.2; done
  wg set "$interface" peer "$old" allowed-ips "$allowed" \${endpoint:+endpoint "$endpoint"}
  wg set "$interface" peer "$new" \${endpoint:+endpoint "$endpoint" persistent-keepalive 2}
  until wg show "$interface" latest-handshakes | grep -F "$new" | grep -qv "[[:space:]]0$"; do sleep 0.5; done
  wg set "$interface" peer "$new" allowed-ips "$allowed" persistent-keepalive "$keepalive"
  wg set "$interface" peer "$old" remove
  mkdir -p /var/lib/firn/link/heard && : >"$heard"
  echo "changed to $new"
}
${calls}wait
`,
  };
}

/** A line of shell; what it is made of are keys, addresses and endpoints, none of which has a quote in it. */
function changeOfPeer({ publicKey, previousPublicKey, addresses, endpoint, keepAlive }: LinkPeer): string {
  return whenKnown([publicKey, previousPublicKey, addresses, endpoint], () =>
    previousPublicKey === undefined || previousPublicKey === ""
      ? ""
      : `change '${publicKey}' '${previousPublicKey}' '${addresses.join(",")}' '${endpoint ?? ""}' ${keepAlive ? 25 : 0} &\n`,
  );
}
