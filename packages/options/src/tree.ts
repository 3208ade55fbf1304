/** A NixOS option type, as `nix/options.nix` describes it. */
export type OptionType =
  | { readonly kind: "any" | "attrs" | "bool" | "package" | "path" }
  /** `note` is nixpkgs' own description, for example "16 bit unsigned integer; between 0 and 65535 (both inclusive)". */
  | { readonly kind: "str" | "number"; readonly note: string }
  | { readonly kind: "enum"; readonly values: readonly unknown[] }
  | { readonly kind: "nullOr" | "listOf" | "attrsOf" | "functionTo"; readonly elem: OptionType }
  | { readonly kind: "either"; readonly sides: readonly OptionType[] }
  /** A set with exactly one of these names. */
  | { readonly kind: "attrTag"; readonly tags: Readonly<Record<string, OptionType>> }
  | { readonly kind: "submodule"; readonly options: OptionTree; readonly freeform?: OptionType };

/** What an option says of itself. */
export interface OptionLeaf {
  readonly _option: true;
  readonly type: OptionType;
  readonly description: string | null;
  /** Nix text. */
  readonly default: string | null;
  /** Nix text. */
  readonly example: string | null;
  /** Files that declare it. */
  readonly declarations: readonly string[];
  readonly readOnly: boolean;
  /** Not in the manual, and still to be set: internal options, and those that moved. */
  readonly hidden: boolean;
  readonly deprecated: Deprecation | null;
}

/** Why an option should no longer be set. */
export type Deprecation =
  /** Setting it fails the evaluation. */
  | { readonly kind: "removed" }
  /** Its value goes to another option of another type. */
  | { readonly kind: "changed" }
  | { readonly kind: "renamed"; readonly to: string }
  /** nixpkgs' own words. */
  | { readonly kind: "noted"; readonly text: string };

/** Options by name, nested as in a configuration. */
export interface OptionTree {
  readonly [name: string]: OptionLeaf | OptionTree;
}

export function isLeaf(node: OptionLeaf | OptionTree): node is OptionLeaf {
  return (node as Partial<OptionLeaf>)._option === true;
}

/** How many options a tree has, those of submodules included. */
export function countOptions(tree: OptionTree): number {
  return Object.values(tree).reduce(
    (sum, node) => sum + (isLeaf(node) ? 1 + countIn(node.type) : countOptions(node)),
    0,
  );
}

function countIn(type: OptionType): number {
  if (type.kind === "submodule") return countOptions(type.options);
  if ("elem" in type) return countIn(type.elem);
  if (type.kind === "attrTag")
    return Object.values(type.tags).reduce((sum, tag) => sum + 1 + countIn(tag), 0);
  if (type.kind === "either") return type.sides.reduce((sum, side) => sum + countIn(side), 0);
  return 0;
}
