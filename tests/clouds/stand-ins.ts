import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Project } from "../e2e/project.js";

/**
 * Lets a project use stand-ins in place of clouds; it is run by another version of Node than the tests.
 *
 * @param names of Pulumi's providers, and of the folders beside this file
 * @returns the directory of their accounts
 */
export function useStandIns(project: Project, names: readonly string[]): string {
  const directory = join(project.directory, "clouds");
  if (process.env.FIRN_OTHER_NODE) project.useNode(process.env.FIRN_OTHER_NODE);
  project.setEnvironment("FIRN_TEST_CLOUDS", directory);
  const plugins = names.map(
    (name) => `    - name: ${name}\n      path: ${fileURLToPath(new URL(name, import.meta.url))}\n`,
  );
  project.append("Pulumi.yaml", `plugins:\n  providers:\n${plugins.join("")}`);
  return directory;
}
