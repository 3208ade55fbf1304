import { expect, test } from "vitest";
import { firewallRules } from "./firewall.js";

const end = { interface: "firn0", port: 51820 };
const peer = (comesFrom: string | undefined, trusted = false) => ({
  addresses: ["100.64.0.7/32", "fd00::7/128"],
  comesFrom,
  trusted,
});

test("the port is open to the peers' addresses and to nobody else", () => {
  expect(firewallRules(end, [peer("10.0.0.2"), peer("2001:db8::2"), peer("10.0.0.2")])).toEqual({
    iptables: `iptables -A nixos-fw -p udp -s 10.0.0.2 --dport 51820 -j nixos-fw-accept
ip6tables -A nixos-fw -p udp -s 2001:db8::2 --dport 51820 -j nixos-fw-accept
`,
    nftables: `ip saddr 10.0.0.2 udp dport 51820 accept
ip6 saddr 2001:db8::2 udp dport 51820 accept
`,
  });
});

test.each([undefined, "office.example"])(
  "a peer that may come from anywhere (%s) opens it to all",
  (from) => {
    expect(firewallRules(end, [peer("10.0.0.2"), peer(from)])).toEqual({
      iptables: "ip46tables -A nixos-fw -p udp --dport 51820 -j nixos-fw-accept\n",
      nftables: "udp dport 51820 accept\n",
    });
  },
);

test("a trusted peer may use every port inside the tunnel, by its addresses there", () => {
  const { iptables, nftables } = firewallRules(end, [peer("10.0.0.2", true), peer("10.0.0.3")]);
  expect(iptables).toContain("iptables -A nixos-fw -i firn0 -s 100.64.0.7/32 -j nixos-fw-accept\n");
  expect(iptables).toContain("ip6tables -A nixos-fw -i firn0 -s fd00::7/128 -j nixos-fw-accept\n");
  expect(nftables).toContain('iifname "firn0" ip saddr 100.64.0.7/32 accept\n');
  expect(nftables.match(/iifname/g)).toHaveLength(2);
});

test("without a peer there is no rule", () => {
  expect(firewallRules(end, [])).toEqual({ iptables: "", nftables: "" });
});
