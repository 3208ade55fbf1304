/** Free variables; `false` for those that a `with` may bind. */
export type Free = Map<string, boolean>;

/** What the bindings between braces, or between `let` and `in`, bind and need. */
export interface Bindings {
  readonly names: readonly string[];
  /** Free in the values, where the names may be in scope. */
  readonly inside: Free;
  /** Inherited from around the bindings. */
  readonly around: Free;
}

/** Adds names to `free`, and returns it. */
export function add(free: Free, more: Free): Free {
  for (const [name, certain] of more) free.set(name, certain || free.get(name) === true);
  return free;
}

/** Takes names out of `free`, and returns it. */
export function without(free: Free, names: readonly string[]): Free {
  for (const name of names) free.delete(name);
  return free;
}

/** What bindings need in `{ … }`, where they do not see each other. */
export function together(bindings: Bindings): Free {
  return add(new Map(bindings.inside), bindings.around);
}

/** What bindings need in `rec { … }`. */
export function recursive(bindings: Bindings): Free {
  return add(without(new Map(bindings.inside), bindings.names), bindings.around);
}
