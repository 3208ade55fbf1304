import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { MachineSpec } from "../target.js";
import { linkOpening } from "../testing/target.js";
import { type OpenPorts, openPorts } from "./open-ports.js";

const opened = (firewall: object) =>
  new Promise<OpenPorts>((resolve) => {
    const option = () => pulumi.output({ ...NOTHING, ...firewall });
    const linkOpenings = () => linkOpening("203.0.113.7");
    pulumi.output(openPorts({ option, linkOpenings } as unknown as MachineSpec)).apply(resolve as never);
  });

const NOTHING = {
  allowedTCPPorts: [],
  allowedTCPPortRanges: [],
  allowedUDPPorts: [],
  allowedUDPPortRanges: [],
  allowPing: true,
};

test("ports and ranges become the fewest ranges", async () => {
  expect(await opened({ allowedTCPPorts: [443, 22, 80, 81, 22] })).toEqual({
    tcp: [
      { from: 22, to: 22 },
      { from: 80, to: 81 },
      { from: 443, to: 443 },
    ],
    udp: [],
    ping: true,
    links: [{ port: 51820, from: ["203.0.113.7"], fromOutside: ["203.0.113.7"] }],
  });
  const udp = { allowedUDPPorts: [60005, 53], allowedUDPPortRanges: [{ from: 60000, to: 61000 }] };
  expect(await opened({ ...udp, allowPing: false })).toEqual({
    tcp: [],
    udp: [
      { from: 53, to: 53 },
      { from: 60000, to: 61000 },
    ],
    ping: false,
    links: [{ port: 51820, from: ["203.0.113.7"], fromOutside: ["203.0.113.7"] }],
  });
});
