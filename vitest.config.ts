import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Machines of tests are kept apart from those of the quickstart and of people who work on this computer. */
const containers = fileURLToPath(new URL(".firn/tests/containers", import.meta.url));

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "tools/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "lab",
          include: ["tests/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          env: { FIRN_CONTAINER_STATE: containers },
        },
      },
    ],
  },
});
