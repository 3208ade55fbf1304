import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { temporaryDirectory } from "./tests/temporary-directory.js";

const TMPDIR = temporaryDirectory();
/** Machines of tests are kept apart from those of the quickstart and of people who work on this computer. */
const containers = fileURLToPath(new URL(".firn/tests/containers", import.meta.url));

const withMachines = {
  testTimeout: 600_000,
  hookTimeout: 600_000,
  env: { FIRN_CONTAINER_STATE: containers, TMPDIR },
};

/** Tests of how long something takes: they come last, and one at a time. */
const timed = ["tests/**/*.timed.test.ts"];

export default defineConfig({
  test: {
    // Tests with machines wait more than they compute; three files at a time keep two cores busy.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "tools/**/*.test.ts"],
          testTimeout: 120_000,
          env: { TMPDIR },
        },
      },
      {
        test: {
          name: "lab",
          include: ["tests/**/*.test.ts"],
          exclude: timed,
          ...withMachines,
        },
      },
      {
        test: {
          name: "timed",
          include: timed,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          ...withMachines,
        },
      },
    ],
  },
});
