import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary directory for a run of tests, which goes when the run ends, with all that failed tests left in it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "firn-tests-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
