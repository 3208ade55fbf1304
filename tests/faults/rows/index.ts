import { titleOf } from "../fault.js";
import { CLOCKS } from "./clocks.js";
import { HOST_HALF_MADE, HOST_NOT_NOTED } from "./creating.js";
import { DEPLOYERS } from "./deployers.js";
import { MANY_KEYS } from "./keys.js";
import { LINKS } from "./links.js";
import { MACHINES } from "./machines.js";
import { NETWORK } from "./network.js";
import { RUNS } from "./runs.js";
import { SYSTEMS } from "./systems.js";

/** Faults that befall one machine each, and so can all happen in one run. */
export const FAULTS = [...SYSTEMS, ...NETWORK, ...LINKS, ...MACHINES, ...CLOCKS, ...MANY_KEYS];

/** Every row of the matrix. */
export const ROWS = [
  ...FAULTS,
  ...[...DEPLOYERS, ...RUNS].flatMap(({ rows }) => rows),
  ...[HOST_HALF_MADE, HOST_NOT_NOTED],
];

/** Those of {@link FAULTS} that are most likely to break and take least time. */
export const FAST_FAULTS = FAULTS.filter((fault) =>
  [
    "The new system breaks sshd",
    "A unit fails",
    "The activation script exits non-zero",
    "The network is cut and comes back: testing",
    "The network is cut and comes back: committing",
    "The disk is full: copying",
    "The disk is full: committing, at the profile",
    "A store path is corrupted on the target",
    "The host reboots in the middle: testing",
    "The target has the wrong architecture",
  ].includes(titleOf(fault)),
);
