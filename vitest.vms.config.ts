import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { temporaryDirectory } from "./tests/temporary-directory.js";

export default defineConfig({
  test: {
    include: ["tests/vms/**/*.vms.ts"],
    // Computed processors get what a busy computer leaves them.
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    bail: 1,
    env: {
      FIRN_CONTAINER_STATE: fileURLToPath(new URL(".firn/tests/containers", import.meta.url)),
      TMPDIR: temporaryDirectory(),
    },
  },
});
