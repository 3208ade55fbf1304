import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "../fault.js";
import { GATES, type Gate, type Subject } from "../subject.js";

/** Away for less than ssh and the activation wait. */
const SHORTLY = 6000;

/** The cable is out while the machine is at a gate, and for a while after. */
async function cutAt(subject: Subject, gate: Gate): Promise<void> {
  await subject.reached(gate);
  await subject.box.linkDown();
  subject.release(gate);
  await sleep(SHORTLY);
  await subject.box.linkUp();
}

/** Networks that fail. */
export const NETWORK: readonly Fault[] = [
  ...GATES.map(
    (gate): Fault => ({
      row: "The network is cut and comes back",
      phase: gate,
      machine: `cut-${gate}`,
      ends: "new",
      arm: (subject) => subject.hold(gate),
      during: (subject) => cutAt(subject, gate),
    }),
  ),
  {
    row: "The network is cut for good",
    phase: "connecting",
    machine: "unreachable",
    ends: "old",
    told: [/phase connect: .*cannot be reached/s],
    arm: (subject) => subject.box.linkDown(),
    reconnect: (subject) => subject.box.linkUp(),
  },
  {
    row: "The network is cut for good",
    phase: "testing",
    machine: "cut-for-good",
    ends: "old",
    told: [/was lost from sight during its activation/, /goes back to its old system by itself/],
    arm: (subject) => subject.hold("testing"),
    during: async (subject) => {
      await subject.reached("testing");
      await subject.box.linkDown();
      subject.release("testing");
    },
    reconnect: (subject) => subject.box.linkUp(),
  },
  {
    row: "The confirmation is lost after success",
    machine: "unheard",
    ends: "new",
    arm: (subject) => subject.hold("committing"),
    during: async (subject) => {
      await subject.reached("committing");
      await subject.box.linkDown();
      subject.release("committing");
      await subject.settled();
      // Longer than ssh keeps a connection on which nothing comes back.
      await sleep(45_000);
      await subject.box.linkUp();
    },
  },
];
