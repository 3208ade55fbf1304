import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The directory of Pulumi.yaml, in the current directory or above it.
 *
 * @throws when there is none
 */
export function findProject(from = process.cwd()): string {
  for (let directory = from; ; directory = dirname(directory)) {
    if (["Pulumi.yaml", "Pulumi.yml"].some((name) => existsSync(join(directory, name)))) return directory;
    if (dirname(directory) === directory)
      throw new Error(`neither ${from} nor a directory above it has a Pulumi.yaml. Run it in your project.`);
  }
}
