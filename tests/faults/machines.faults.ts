import { testFaults } from "./matrix.js";
import { MACHINES } from "./rows/machines.js";
import { NETWORK } from "./rows/network.js";
import { SYSTEMS } from "./rows/systems.js";

const only = process.env.FIRN_FAULTS?.split(",");
testFaults(
  "one machine in trouble",
  "faults",
  [...SYSTEMS, ...NETWORK, ...MACHINES].filter((f) => !only || only.includes(f.machine)),
);
