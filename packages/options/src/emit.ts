import { docComment } from "./doc-comment.js";
import { InterfaceNames } from "./interface-names.js";
import { isLeaf, type OptionLeaf, type OptionTree, type OptionType } from "./tree.js";

/** What the types are made of, for the comment on top. */
export interface EmitHeader {
  /** NixOS release, for example `26.05`. */
  readonly release: string;
  readonly options: number;
  /** Directories of nixpkgs and of the project, which the names of declaring files start from. */
  readonly roots: readonly string[];
}

/**
 * Writes an option tree as a TypeScript declaration file that gives `MachineConfig` of `@firn/nixos` its names by
 * declaration merging. One interface per option set, so that the compiler looks only at what a program touches.
 */
export function emitOptionTypes(tree: OptionTree, header: EmitHeader): string {
  const emitter = new Emitter(header.roots);
  const root = emitter.members(tree, [], "  ");
  return `// NixOS ${header.release}: ${header.options} options. Written by \`firn types\`; do not edit.
import type { Nix, NixData, NixFunction, NixPackage, NixPath, RemovedOption } from "@firn/nixos";

declare module "@firn/nixos" {
  interface NixosOptions {
${root}
  }
}

${emitter.interfaces.join("\n\n")}
`;
}

const DATA = "NixData";

class Emitter {
  readonly interfaces: string[] = [];
  private readonly names = new InterfaceNames();
  private readonly known = new Map<string, string>();

  constructor(private readonly roots: readonly string[]) {}

  /** The members of an interface, a line and a comment each. */
  members(tree: OptionTree, path: readonly string[], indent: string): string {
    const lines: string[] = [];
    for (const [name, node] of Object.entries(tree)) {
      const at = [...path, name];
      if (!isLeaf(node)) {
        if (Object.keys(node).length > 0)
          lines.push(`${indent}  ${key(name)}?: ${nix(this.declare(node, at))};`);
        continue;
      }
      lines.push(docComment(node, `${indent}  `, this.roots));
      lines.push(`${indent}  ${node.readOnly ? "readonly " : ""}${key(name)}?: ${this.option(node, at)};`);
    }
    return lines.filter((line) => line !== "").join("\n");
  }

  private option(option: OptionLeaf, path: readonly string[]): string {
    return option.deprecated?.kind === "removed" ? "RemovedOption" : nix(this.type(option.type, path));
  }

  private type(type: OptionType, path: readonly string[]): string {
    switch (type.kind) {
      case "bool":
        return "boolean";
      case "str":
        return "string";
      case "number":
        return "number";
      case "path":
        return "NixPath";
      case "package":
        return "NixPackage";
      case "attrs":
        return `Record<string, ${DATA}>`;
      case "any":
        return DATA;
      case "enum":
        return type.values.length === 0 ? "never" : union(type.values.map(literal));
      case "nullOr":
        return union([this.type(type.elem, path), "null"]);
      case "listOf":
        return `readonly ${nix(this.type(type.elem, path))}[]`;
      case "attrsOf":
        return `Record<string, ${nix(this.type(type.elem, path))}>`;
      case "functionTo":
        return `NixFunction<${this.type(type.elem, path)}>`;
      case "either":
        return union(type.sides.map((side) => this.type(side, path)));
      case "attrTag":
        return (
          Object.entries(type.tags)
            .map(([tag, inner]) => `{ ${key(tag)}: ${nix(this.type(inner, [...path, tag]))} }`)
            .join(" | ") || "never"
        );
      case "submodule": {
        const own = this.declare(type.options, path);
        return type.freeform ? `${own} & Record<string, ${DATA}>` : own;
      }
    }
  }

  /** Declares an interface for an option set; equal sets share one. */
  private declare(tree: OptionTree, path: readonly string[]): string {
    const body = this.members(tree, path, "");
    const same = this.known.get(body);
    if (same) return same;
    const name = this.names.take(path);
    this.known.set(body, name);
    this.interfaces.push(`interface ${name} {\n${body}\n}`);
    return name;
  }
}

/** Data has expressions and outputs anywhere already. */
function nix(type: string): string {
  return type === DATA ? DATA : `Nix<${type}>`;
}

/** Data takes whatever the other members do. */
function union(types: readonly string[]): string {
  return types.includes(DATA) ? DATA : [...new Set(types)].join(" | ");
}

function key(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name);
}

function literal(value: unknown): string {
  return value === null || ["string", "number", "boolean"].includes(typeof value)
    ? JSON.stringify(value)
    : DATA;
}
