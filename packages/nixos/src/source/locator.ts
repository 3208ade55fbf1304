import type { Argument } from "../evaluation/home.js";
import type { SourceLocation } from "../location.js";
import type { Machine } from "../machine.js";
import type { Network } from "../network.js";
import { originsOf } from "./origin.js";
import { openProgram, type Program } from "./program.js";

/** Finds where in the program values were written; the source is read when the first one is asked for. */
export class Locator {
  private program: Program | undefined;

  constructor(
    private readonly network: Network,
    private readonly machines: readonly Machine[],
  ) {}

  /** Where a value was written; empty where the source does not tell. */
  locate({ machine, path, values, isName = false }: Argument): readonly SourceLocation[] {
    const owner =
      machine === undefined ? this.network : this.machines.find((each) => each.machineName === machine);
    if (!owner?.declared) return [];
    try {
      this.program ??= openProgram();
      return originsOf(this.program, { declared: owner.declared, machine, path, values, isName });
    } catch {
      // The error that is to be told matters more than its line: a program may be written in ways that nobody foresaw.
      return [];
    }
  }
}
