/** What a Nix expression is in TypeScript. */
export type DataNode =
  | { readonly kind: "set"; readonly entries: Map<string, DataNode> }
  | { readonly kind: "list"; readonly elements: readonly DataNode[] }
  | { readonly kind: "string"; readonly parts: readonly (string | DataNode)[] }
  /** TypeScript text as it is: a number, `true`, `null`. */
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "select"; readonly base: DataNode; readonly attribute: string }
  | { readonly kind: "apply"; readonly fn: DataNode; readonly args: readonly DataNode[] }
  /** Nix text that stays Nix. */
  | { readonly kind: "code"; readonly text: string };

/** A piece of the file that stayed Nix. */
export interface Kept {
  /** Counted from 1. */
  readonly line: number;
  /** Why: a few words, such as "`let`". */
  readonly reason: string;
}
