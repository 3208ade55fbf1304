import type { Aspect } from "./under-test.js";

/** What the suite does not ask of targets that are no clouds, and why; `docs/targets.md` says the same. */
export const LEFT_OUT = {
  container: {
    firewall: "there is none before the machine's own",
    "private addresses": "a machine has one address, which this computer and its peers reach",
    labels: "the name says whose it is",
    "first boot": "the lasting host key is on the disk before the first boot",
    "refused resize": "limits are cgroups', and are never refused for want of room",
    volumes: "directories of this computer take their place (`mounts`)",
    regions: "there is one computer",
    "lost answers": "nobody is asked over a network",
  },
  virtualbox: {
    firewall: "a host-only network is this computer's own: there is none before the machine's own",
    "private addresses": "a machine has one address, which this computer and its peers reach",
    regions: "there is one computer",
    "lost answers":
      "nobody is asked over a network; a run that was killed is in `tests/virtualbox/refusals.test.ts`",
  },
} as const satisfies Readonly<Record<string, Partial<Record<Aspect, string>>>>;
