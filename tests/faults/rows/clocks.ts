import type { Fault } from "../fault.js";
import { shiftClock } from "../programs.js";
import type { Subject } from "../subject.js";

const clear = (subject: Subject) => subject.inside("rm -f /etc/ld.so.preload /etc/faketimerc");

/** Machines whose clocks are not the deployer's. What decides there is how long something takes, not when it was. */
export const CLOCKS: readonly Fault[] = [
  {
    row: "The machine's clock is off by a day",
    phase: "behind",
    machine: "yesterday",
    ends: "new",
    arm: (subject) => shiftClock(subject, "-1d"),
    mend: clear,
  },
  {
    row: "The machine's clock is off by a day",
    phase: "ahead",
    machine: "tomorrow",
    ends: "new",
    arm: (subject) => shiftClock(subject, "+1d"),
    mend: clear,
  },
];
