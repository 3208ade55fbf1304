import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { temporaryDirectory } from "./tests/temporary-directory.js";

export default defineConfig({
  test: {
    include: ["tests/faults/**/*.faults.ts"],
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    fileParallelism: false,
    env: {
      FIRN_CONTAINER_STATE: fileURLToPath(new URL(".firn/tests/containers", import.meta.url)),
      TMPDIR: temporaryDirectory(),
    },
  },
});
