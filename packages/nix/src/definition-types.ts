import type { Expression } from "./expression.js";
import type { NixProxy } from "./proxy-types.js";

declare const CONTENT: unique symbol;

/**
 * An expression whose value is known to be a `T`. It takes the type of the place where it stands, for example of an option,
 * to what stands inside of it: the content of `lib.mkIf(condition, content)` is checked and completed like a plain value.
 */
export interface NixContent<T> extends Expression {
  // A function, so that what has no place yet, and may be anything, fits everywhere.
  readonly [CONTENT]?: (value: T) => void;
}

/** What `lib.mkIf` and its like give. */
export interface NixDefinition<T> extends NixProxy, NixContent<T> {}

/**
 * A `T` that is told by the place alone, never by what stands here. TypeScript's `NoInfer` does the same, but editors
 * complete nothing directly inside of it.
 */
export type Placed<T> = [T][T extends unknown ? 0 : never];
