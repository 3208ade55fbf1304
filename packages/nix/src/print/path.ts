import { posix } from "node:path";
import { ATOM, type Printed } from "./printed.js";
import { quoteString } from "./quote-string.js";

const ADDITION = 50;

/** A path, from a file whose way to the project root is `prefix`. */
export function printPath(path: string, prefix: string): Printed {
  const full = withoutSlash(path.startsWith("/") ? posix.normalize(path) : posix.join(prefix, path));
  if (full === "/" || full === ".") return { doc: `${full === "/" ? "/" : "./"}.`, level: ATOM, hugs: true };
  const literal =
    full.startsWith("/") || full.startsWith("../") ? full : full === ".." ? "../." : `./${full}`;
  if (/^(?:\.|\.\.)?(?:\/[a-zA-Z0-9._+-]+)+$/.test(literal)) return { doc: literal, level: ATOM, hugs: true };
  const [root, name] = literal.startsWith("/") ? ["/.", literal] : ["./.", `/${full}`];
  return { doc: `${root} + ${quoteString(name)}`, level: ADDITION, hugs: true };
}

/** A path without the slash at its end. */
export function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
