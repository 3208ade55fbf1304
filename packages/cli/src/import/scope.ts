import { freeVariables, isBuiltin } from "@firn/nix";
import { Beyond } from "./beyond.js";
import type { DataNode } from "./node.js";

/** What `@firn/nixos` exports under the name that modules know it by. */
const EXPORTED = new Set(["pkgs", "lib", "config", "options", "nodes", "modulesPath", "builtins"]);
const LITERALS = new Set(["true", "false", "null"]);

/** What names mean at a place of a module; immutable. */
export class Scope {
  private constructor(
    /** Module arguments that `@firn/nixos` does not export. */
    private readonly others: ReadonlySet<string>,
    private readonly variables: ReadonlySet<string>,
    /** The sets that `with` opens, innermost last, and their Nix text. */
    private readonly opened: readonly { readonly node: DataNode; readonly text: string }[],
  ) {}

  /** @param args names of the module's arguments */
  static of(args: readonly string[]): Scope {
    return new Scope(new Set(args.filter((name) => !EXPORTED.has(name))), new Set(), []);
  }

  withVariables(names: readonly string[]): Scope {
    return new Scope(this.others, new Set([...this.variables, ...names]), this.opened);
  }

  /** Inside `with`. */
  inside(node: DataNode, text: string): Scope {
    return new Scope(this.others, this.variables, [...this.opened, { node, text }]);
  }

  /**
   * What a name is.
   *
   * @param isFunction whether it is called: then of several `with` any may mean it
   */
  resolve(name: string, isFunction: boolean): DataNode {
    if (this.variables.has(name)) return { kind: "variable", name };
    if (LITERALS.has(name)) return { kind: "literal", text: name };
    if (EXPORTED.has(name)) return { kind: "name", name };
    const innermost = this.opened.at(-1);
    const ambiguous = isFunction && this.opened.length > 1;
    if (!innermost || ambiguous || this.others.has(name) || isBuiltin(name)) throw new Beyond(`\`${name}\``);
    return { kind: "select", base: innermost.node, attribute: name };
  }

  /** Nix text that stays Nix, with the `with` that it needs. */
  code(text: string): DataNode {
    const free = [...freeVariables(text).keys()];
    const opened = free.some(
      (name) => !this.variables.has(name) && !EXPORTED.has(name) && !this.others.has(name),
    )
      ? this.opened
      : [];
    return {
      kind: "code",
      text: `${opened.map((each) => `with ${each.text}; `).join("")}${text}`,
      variables: free.filter((name) => this.variables.has(name)),
    };
  }
}
