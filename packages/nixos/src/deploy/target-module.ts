import { createRequire } from "node:module";
import { join } from "node:path";
import { projectRoot } from "../evaluation/project.js";

/**
 * A module of a target's package, found from the project as the engine finds providers.
 *
 * @param name as the program could import it, for example `@firn/container/provider`
 */
export function targetModule<T>(name: string): T {
  return createRequire(join(projectRoot(), "package.json"))(name);
}
