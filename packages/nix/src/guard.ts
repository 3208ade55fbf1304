import { NixValueError } from "./errors.js";
import type { Path } from "./option-path.js";

/** More levels than any configuration has, and fewer than the stacks of Node and of Nix' parser hold. */
export const DEEPEST = 500;

/** Keeps a walk over a tree from following a cycle or going too deep. */
export class Guard {
  private readonly ancestors = new Set<unknown>();

  /** Runs `walk`, which goes into the children of `value`. */
  inside<Result>(value: unknown, path: Path, walk: () => Result): Result {
    if (this.ancestors.has(value))
      throw new NixValueError(
        path,
        "part of itself (a cycle)",
        "Nix values are trees: give it a copy without the reference back.",
      );
    if (this.ancestors.size >= DEEPEST)
      throw new NixValueError(
        path.slice(0, 5),
        `the start of more than ${DEEPEST} nested values`,
        "Nix cannot read text that deep: make the structure flatter, or write the data to a file.",
      );
    this.ancestors.add(value);
    try {
      return walk();
    } finally {
      this.ancestors.delete(value);
    }
  }
}
