import type { Node } from "ts-morph";

/** What parameters of functions stand for, where a call says so. */
export type Environment = ReadonlyMap<Node, readonly Place[]>;

/** An expression of the program and what its parameters stand for. */
export interface Place {
  readonly node: Node;
  readonly env: Environment;
}

/** Names of attributes and indices of elements. */
export type Path = readonly (string | number)[];

/** What stands, or may stand, at a path. */
export interface Selected {
  readonly place: Place;
  /** Certainly what stands there. */
  readonly sure: boolean;
  /** The end of the path; else nobody can tell from the source what of `place` it is. */
  readonly complete: boolean;
}

export const NOWHERE: Environment = new Map();
