import type { Fault } from "../fault.js";
import { installNft } from "../programs.js";

const ROLLED_BACK = /was rolled back and runs \/nix\/store\/\S+ again/;
const UNCONFIRMED = /no confirmation came within 30 s/;

/** New systems that do not work. */
export const SYSTEMS: readonly Fault[] = [
  {
    row: "The new system breaks sshd",
    machine: "sshd",
    ends: "old",
    told: [ROLLED_BACK, UNCONFIRMED, /Connection refused/],
    declared: { config: { services: { openssh: { enable: false } } } },
  },
  {
    row: "The new system breaks the firewall",
    machine: "firewall",
    ends: "old",
    told: [ROLLED_BACK, UNCONFIRMED, /timed out/],
    declared: {
      config: { services: { openssh: { openFirewall: false } }, networking: { nftables: { enable: true } } },
    },
    arm: installNft,
  },
  {
    row: "The new system breaks the network address",
    machine: "address",
    ends: "old",
    told: [ROLLED_BACK, UNCONFIRMED, /No route to host|timed out/],
    declared: {
      config: {
        networking: {
          interfaces: { eth0: { ipv4: { addresses: [{ address: "192.0.2.9", prefixLength: 24 }] } } },
        },
      },
    },
  },
  {
    row: "The new system breaks the host key",
    machine: "hostkey",
    ends: "old",
    told: [
      ROLLED_BACK,
      UNCONFIRMED,
      /its sshd offered another host key than the pinned one, SHA256:\S+: let services\.openssh\.hostKeys/,
    ],
    untrue: /Another machine may answer/,
    declared: {
      config: { services: { openssh: { hostKeys: [{ type: "ed25519", path: "/etc/ssh/another_key" }] } } },
    },
  },
  {
    row: "A unit fails",
    machine: "unit-fails",
    ends: "old",
    told: [ROLLED_BACK, /units failed: broken\.service/, /the reason/],
    declared: {
      config: {
        systemd: {
          services: { broken: { wantedBy: ["multi-user.target"], script: "echo the reason; exit 3" } },
        },
      },
    },
  },
  {
    row: "A unit hangs",
    machine: "unit-hangs",
    ends: "old",
    told: [ROLLED_BACK, /units failed: hanging\.service/, /start operation timed out/],
    untrue: /firewalls/,
    declared: {
      config: {
        systemd: {
          services: {
            hanging: {
              wantedBy: ["multi-user.target"],
              script: "exec sleep infinity",
              serviceConfig: { Type: "notify", TimeoutStartSec: 10 },
            },
          },
        },
      },
    },
  },
  {
    row: "The activation script exits non-zero",
    machine: "script",
    ends: "old",
    told: [ROLLED_BACK, /switch-to-configuration test exited with 2/, /the reason/],
    declared: { config: { system: { activationScripts: { broken: "echo the reason; exit 7" } } } },
  },
];
