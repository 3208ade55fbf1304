/** A NixOS option type, as `nix/options.nix` describes it. */
export type OptionType =
  | { readonly kind: "any" | "attrs" | "bool" | "package" | "path" }
  /** `note` is nixpkgs' own description, for example "16 bit unsigned integer; between 0 and 65535 (both inclusive)". */
  | { readonly kind: "str" | "number"; readonly note: string }
  | { readonly kind: "enum"; readonly values: readonly unknown[] }
  | { readonly kind: "nullOr" | "listOf" | "attrsOf" | "functionTo"; readonly elem: OptionType }
  | { readonly kind: "either"; readonly sides: readonly OptionType[] }
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
  readonly internal: boolean;
}

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
  if (type.kind === "either") return type.sides.reduce((sum, side) => sum + countIn(side), 0);
  return 0;
}
