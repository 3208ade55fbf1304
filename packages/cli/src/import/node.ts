/** What a Nix expression is in TypeScript. */
export type DataNode =
  | { readonly kind: "set"; readonly entries: Map<string, DataNode> }
  | { readonly kind: "list"; readonly elements: readonly DataNode[] }
  | { readonly kind: "string"; readonly parts: readonly (string | DataNode)[] }
  /** TypeScript text as it is: a number, `true`, `null`. */
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "path"; readonly path: string }
  /** Something that `@firn/nixos` exports, for example `pkgs`. */
  | { readonly kind: "name"; readonly name: string }
  /** What a `let` around the module binds, by its name in Nix. */
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "select"; readonly base: DataNode; readonly attribute: string }
  | { readonly kind: "apply"; readonly fn: DataNode; readonly args: readonly DataNode[] }
  /** Nix text that stays Nix, and the variables of the `let` that it uses. */
  | { readonly kind: "code"; readonly text: string; readonly variables: readonly string[] };

/** A piece of the file that stayed Nix. */
export interface Kept {
  /** Counted from 1. */
  readonly line: number;
  /** Why: a few words, such as "`let`". */
  readonly reason: string;
}

/** Comments of the file, as Nix has them. */
export interface Comments {
  readonly before: readonly string[];
  /** On the line where the value ends. */
  readonly after?: string;
  /** Before the end of a set or list. */
  readonly end?: readonly string[];
}

/** A module, read. */
export interface ReadModule {
  readonly module: DataNode;
  /** What a `let` around it binds, each before those that use it. */
  readonly variables: ReadonlyMap<string, DataNode>;
  readonly comments: ReadonlyMap<DataNode, Comments>;
  /** Comments on top of the file. */
  readonly top: readonly string[];
  readonly kept: readonly Kept[];
}

/** The variables that a node uses. */
export function variablesOf(node: DataNode): Set<string> {
  switch (node.kind) {
    case "variable":
      return new Set([node.name]);
    case "code":
      return new Set(node.variables);
    case "set":
      return union([...node.entries.values()]);
    case "list":
      return union(node.elements);
    case "string":
      return union(node.parts.filter((part) => typeof part !== "string"));
    case "select":
      return variablesOf(node.base);
    case "apply":
      return union([node.fn, ...node.args]);
    default:
      return new Set();
  }
}

function union(nodes: readonly DataNode[]): Set<string> {
  return new Set(nodes.flatMap((node) => [...variablesOf(node)]));
}
