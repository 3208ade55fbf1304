import { fn, nix, type Path, settleForeign, showPath } from "@firn/nix";

/** Name of the module argument that gives placeholders; see `nix/unknown.nix`. */
export const UNKNOWN_ARGUMENT = "firnUnknown";

/** What Nix says when something looks at a value that nobody knows and that no placeholder can stand for. */
export const UNKNOWN_REASON = "firn-unknown";

const UNKNOWN = nix(UNKNOWN_ARGUMENT);

/** An expression that stands for a value of Firn's own which is not known yet, and has the type of the option at `path`. */
export function unknownAt(path: Path) {
  return UNKNOWN.steady.value(path.map(String));
}

/** Whose tree placeholders stand in. */
export type PlaceholderKind =
  /** The user's modules. */
  | "module"
  /** Modules of a target or of Firn, which hold whatever the values will be. */
  | "target"
  /** What is read where there are no module arguments. */
  | "elsewhere";

/** A tree with placeholders for what is not known yet. */
export function withPlaceholders(
  tree: unknown,
  isUnknown: (value: unknown) => boolean,
  kind: PlaceholderKind,
): unknown {
  const refusal = (path: Path) => nix`throw ${`${UNKNOWN_REASON}: ${showPath(path)}`}`;
  const placeholders = kind === "target" ? UNKNOWN.steady : UNKNOWN;
  const isRefused = (path: Path) => kind === "elsewhere" || isEarly(path);
  return settleForeign(tree, isUnknown, {
    value: (path) => (isRefused(path) ? refusal(path) : placeholders.value(path.map(String))),
    condition: (path) => (kind === "elsewhere" ? refusal(path) : placeholders.condition(path.map(String))),
    whole: (path, make) =>
      isRefused(path)
        ? make(refusal(path))
        : placeholders.within(
            path.map(String),
            fn((unknown) => make(unknown)),
          ),
  });
}

/** What decides which modules and options there are is read before there are module arguments. */
function isEarly(path: Path): boolean {
  return path.length === 0 || path[0] === "imports";
}
