import { NixValueError } from "./errors.js";
import { type Expression, isExpression } from "./expression.js";
import type { Path } from "./option-path.js";
import { fitsInteger } from "./print/number.js";
import { describeUnprintable } from "./unprintable.js";

/** A value, told apart by what Nix makes of it. */
export type Classified =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "number"; readonly value: number | bigint }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "list"; readonly value: readonly unknown[] }
  | { readonly kind: "set"; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: "expression"; readonly value: Expression };

/**
 * Finds out what a value is in Nix, looking at the value itself and not into it.
 *
 * @throws {@link NixValueError} when Nix has nothing like it
 */
export function classify(value: unknown, path: Path): Classified {
  if (isExpression(value)) return { kind: "expression", value };
  if (value === null) return { kind: "null" };
  if (typeof value === "boolean") return { kind: "boolean", value };
  if (typeof value === "string") {
    checkText(value, path, "a string");
    return { kind: "string", value };
  }
  if (typeof value === "number" || typeof value === "bigint") {
    checkNumber(value, path);
    return { kind: "number", value };
  }
  if (Array.isArray(value)) {
    checkArray(value, path);
    return { kind: "list", value };
  }
  if (isPlainObject(value)) {
    checkNames(value, path);
    return { kind: "set", value };
  }
  const [found, advice] = describeUnprintable(value);
  throw new NixValueError(path, found, advice);
}

function checkNumber(value: number | bigint, path: Path): void {
  if (typeof value === "bigint" && !fitsInteger(value))
    throw new NixValueError(
      path,
      `the integer ${value}`,
      "Nix integers have 64 bits, from -2^63 to 2^63 - 1.",
    );
  if (typeof value === "number" && !Number.isFinite(value))
    throw new NixValueError(path, String(value), "Nix numbers are finite.");
}

function checkText(text: string, path: Path, what: string): void {
  if (text.includes("\0"))
    throw new NixValueError(path, `${what} with a NUL character`, "Nix strings cannot hold NUL; remove it.");
  if (/\p{Surrogate}/u.test(text))
    throw new NixValueError(
      path,
      `${what} with half of a surrogate pair`,
      "Nix text is UTF-8; was the string cut in the middle of a character?",
    );
}

function checkArray(array: readonly unknown[], path: Path): void {
  for (let index = 0; index < array.length; index++) {
    if (!Object.hasOwn(array, index))
      throw new NixValueError(
        [...path, index],
        "a hole in a sparse array",
        "Give the element a value, for example null.",
      );
  }
  const extra = Object.keys(array).slice(array.length);
  if (extra.length > 0)
    throw new NixValueError(
      path,
      `an array with the extra property ${JSON.stringify(extra[0])}`,
      "Nix lists have elements only: copy it with Array.from().",
    );
}

function checkNames(object: object, path: Path): void {
  const [symbol] = Object.getOwnPropertySymbols(object);
  if (symbol)
    throw new NixValueError(
      path,
      `an object with the key ${String(symbol)}`,
      "Nix attribute names are strings.",
    );
  for (const name of Object.keys(object)) checkText(name, [...path, name], "under a name");
}

/** Also objects without a prototype and objects from another realm (a `vm` context) are plain. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, "isPrototypeOf"))
  );
}
