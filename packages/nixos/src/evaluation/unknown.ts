import { fn, nix, type Path, type Settlement, settleForeign, showPath } from "@firn/nix";

/** Name of the module argument that gives placeholders; see `nix/unknown.nix`. */
export const UNKNOWN_ARGUMENT = "firnUnknown";

/** What Nix says when something looks at a value that nobody knows and that no placeholder can stand for. */
export const UNKNOWN_REASON = "firn-unknown";

const UNKNOWN = nix(UNKNOWN_ARGUMENT);

/** An expression that stands for a value which is not known yet, and has the type of the option at `path`. */
export function unknownAt(path: Path) {
  return UNKNOWN.value(path.map(String));
}

/**
 * A tree with placeholders for what is not known yet.
 *
 * @param arguments_ whether the tree is read where module arguments are, and may use them
 */
export function withPlaceholders(
  tree: unknown,
  isUnknown: (value: unknown) => boolean,
  arguments_ = true,
): unknown {
  const refusal = (path: Path) => nix`throw ${`${UNKNOWN_REASON}: ${showPath(path)}`}`;
  const inModules: Settlement = {
    value: (path) => (isEarly(path) ? refusal(path) : unknownAt(path)),
    condition: (path) => UNKNOWN.condition(path.map(String)),
    whole: (path, make) =>
      isEarly(path)
        ? make(refusal(path))
        : UNKNOWN.within(
            path.map(String),
            fn((unknown) => make(unknown)),
          ),
  };
  const elsewhere: Settlement = {
    value: refusal,
    condition: refusal,
    whole: (path, make) => make(refusal(path)),
  };
  return settleForeign(tree, isUnknown, arguments_ ? inModules : elsewhere);
}

/** What decides which modules and options there are is read before there are module arguments. */
function isEarly(path: Path): boolean {
  return path.length === 0 || path[0] === "imports";
}
