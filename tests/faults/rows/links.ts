import { type DelayProxy, delayProxy } from "../../lab/delay-proxy.js";
import { type LabContainer, startContainer } from "../../lab/lab.js";
import type { Fault } from "../fault.js";

let proxy: DelayProxy | undefined;
/** Where the machine behind the proxy is for its peers. */
let far: string | undefined;
let bastion: LabContainer | undefined;

/** Ways to a machine that are long or break. */
export const LINKS: readonly Fault[] = [
  {
    row: "200 ms latency and 1 % loss",
    machine: "far",
    ends: "new",
    arm: async ({ box }) => {
      far = box.address;
      proxy = await delayProxy({ address: far, port: 22 }, 200, 1);
    },
    always: () => ({ host: { address: "127.0.0.1", port: proxy?.port, privateAddress: far } }),
    clear: () => proxy?.close(),
  },
  {
    row: "A jump host dies",
    machine: "behind-bastion",
    ends: "old",
    told: [
      /was lost from sight during its activation: .*jump host.*bastion.* cannot be reached/s,
      /goes back to its old system by itself/,
    ],
    arm: async (subject, scene) => {
      bastion = await startContainer("bastion");
      await scene.know("bastion", bastion.identity);
      subject.hold("testing");
    },
    always: () => ({
      host: { via: { name: "bastion", address: bastion?.address, hostKey: bastion?.hostKey, user: "root" } },
    }),
    during: async (subject) => {
      await subject.reached("testing");
      await bastion?.linkDown();
      subject.release("testing");
    },
    mend: () => bastion?.linkUp(),
    clear: () => bastion?.remove(),
  },
];
