import { SetupError } from "./errors.mjs";
import { atLeast } from "./versions.mjs";

const minimum = "20.19";

/** Checks the Node that runs this. @type {import("./step.mjs").Step} */
export const node = {
  name: "Node",
  run: async () => {
    if (!atLeast(process.version, minimum)) {
      throw new SetupError(
        `Node ${minimum} or newer is needed, and this is ${process.version}: install Node 20 or 22 and run this again.`,
      );
    }
    return { did: process.version };
  },
};
