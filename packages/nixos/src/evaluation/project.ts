import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { FirnError } from "../errors.js";

/** The directory of Pulumi.yaml: relative paths in a program start there, and evaluation reads nothing above it. */
export function projectRoot(): string {
  let directory = process.cwd();
  while (!existsSync(join(directory, "Pulumi.yaml")) && !existsSync(join(directory, "Pulumi.yml"))) {
    const parent = dirname(directory);
    if (parent === directory)
      throw new FirnError(`Neither ${process.cwd()} nor a directory above it has a Pulumi.yaml.`);
    directory = parent;
  }
  return directory;
}
