import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { refineUseErrors, showPath } from "@firn/nix";
import { FirnError } from "./errors.js";
import { projectRoot } from "./evaluation/project.js";
import { callerOf, type SourceLocation, showLocation } from "./location.js";
import { openProgram } from "./source/program.js";
import { useOf } from "./source/use.js";

/** Where the classes and functions lie that a wrong use goes through. */
const OWN = [
  dirname(fileURLToPath(import.meta.resolve("@firn/nix"))),
  dirname(fileURLToPath(import.meta.url)),
];

/**
 * From now on, errors of a program's own use of Nix expressions, such as `${pkgs.hello}` in a plain template literal, tell
 * the line and the option, and are shown bare.
 */
export function explainUseErrors(): void {
  refineUseErrors(explain);
}

function explain(error: Error): Error {
  const location = callerOf(explain, (file) => OWN.some((directory) => file.startsWith(`${directory}/`)));
  if (!location) return new FirnError(error.message);
  const where = showLocation(location, projectRoot());
  const option = describeUse(location);
  return new FirnError(`${where}${option === undefined ? "" : `: ${option}`}: ${error.message}`);
}

/** The option that a line is for, in words. */
function describeUse(location: SourceLocation): string | undefined {
  try {
    const program = openProgram();
    const node = program.nodeAt(location);
    const use = node && useOf(node, program);
    if (!use) return undefined;
    const { option, where } = splitArgument(use.path);
    const machine = use.machine === undefined ? "the defaults of the network" : `machine "${use.machine}"`;
    return `${where}${option.length === 0 ? "" : `option ${showPath(option)} of `}${machine}`;
  } catch {
    // The error that is to be told matters more than its option.
    return undefined;
  }
}

/** `config` and `defaults.config` hold options, and so does each of `modules`. */
function splitArgument(path: readonly (string | number)[]): { option: typeof path; where: string } {
  const [first, second] = path;
  if (first === "config") return { option: path.slice(1), where: "" };
  if (first === "defaults") return splitArgument(path.slice(1));
  if (first === "modules" && typeof second === "number")
    return { option: path.slice(2), where: `module ${second + 1}, ` };
  return { option: [], where: path.length === 0 ? "" : `${path.join(".")} of ` };
}
