import { expect, test } from "vitest";
import { clientConfigText } from "./client-config.js";

test("a configuration as wg-quick reads it", () => {
  const text = clientConfigText({
    privateKey: "PRIVATE",
    addresses: ["100.64.0.9/32", "fd00::9/128"],
    mtu: 1420,
    peers: [
      { name: "web", publicKey: "WEB", endpoint: "192.0.2.1:51820", addresses: ["100.64.0.1/32"] },
      { name: "home", publicKey: "HOME", addresses: ["100.64.0.2/32"] },
    ],
  });
  expect(text).toBe(`[Interface]
PrivateKey = PRIVATE
Address = 100.64.0.9/32, fd00::9/128
MTU = 1420

# web
[Peer]
PublicKey = WEB
AllowedIPs = 100.64.0.1/32
Endpoint = 192.0.2.1:51820
PersistentKeepalive = 25

# home
[Peer]
PublicKey = HOME
AllowedIPs = 100.64.0.2/32
`);
});
