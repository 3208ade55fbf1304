import type { Comments, DataNode } from "./node.js";

/** Writes nodes as TypeScript and remembers which names of `@firn/nixos` that takes. */
export class Writer {
  readonly imports = new Set<string>();

  /**
   * @param comments of nodes
   * @param variables TypeScript names of the variables of a `let`
   */
  constructor(
    private readonly comments: ReadonlyMap<DataNode, Comments>,
    private readonly variables: ReadonlyMap<string, string>,
  ) {}

  write(node: DataNode, indent = ""): string {
    const deeper = `${indent}  `;
    switch (node.kind) {
      case "literal":
        return node.text;
      case "name":
        return this.use(node.name);
      case "variable":
        return this.variable(node.name);
      case "path":
        return `${this.use("path")}(${JSON.stringify(node.path)})`;
      case "code":
        return this.code(node.text, node.variables);
      case "string":
        return this.string(node.parts, indent);
      case "select": {
        const base = this.write(node.base, indent);
        return isName(node.attribute)
          ? `${base}.${node.attribute}`
          : `${base}[${JSON.stringify(node.attribute)}]`;
      }
      case "apply":
        return `${this.write(node.fn, indent)}(${node.args.map((arg) => this.write(arg, indent)).join(", ")})`;
      case "list": {
        const { elements } = node;
        const line = `[${elements.map((element) => this.write(element, deeper)).join(", ")}]`;
        const commented = [node, ...elements].some((each) => this.comments.has(each));
        if (!commented && line.length + indent.length < 90 && !line.includes("\n")) return line;
        const lines = elements.map((element) => this.member(element, "", deeper));
        return `[\n${lines.join("")}${this.end(node, deeper)}${indent}]`;
      }
      case "set": {
        const lines = [...node.entries].map(([name, value]) =>
          this.member(value, `${property(name)}: `, deeper),
        );
        const body = `${lines.join("")}${this.end(node, deeper)}`;
        return body === "" ? "{}" : `{\n${body}${indent}}`;
      }
    }
  }

  /** Comments as lines. */
  lines(comments: readonly string[], indent: string): string {
    return comments.map((comment) => `${indent}${translated(comment)}\n`).join("");
  }

  /** A line of an object or list, with its comments. */
  private member(value: DataNode, start: string, indent: string): string {
    const { before = [], after } = this.comments.get(value) ?? {};
    const trailing = after === undefined ? "" : ` ${translated(after)}`;
    return `${this.lines(before, indent)}${indent}${start}${this.write(value, indent)},${trailing}\n`;
  }

  private end(node: DataNode, indent: string): string {
    return this.lines(this.comments.get(node)?.end ?? [], indent);
  }

  /** Nix text; variables of the program are bound to their names in it. */
  private code(text: string, variables: readonly string[]): string {
    const bindings = variables.map((name) => `${name} = \${${this.variable(name)}}; `).join("");
    const start = bindings === "" ? "" : `let ${bindings}in `;
    return `${this.use("nix")}\`${start}${templateText(text)}\``;
  }

  private string(parts: readonly (string | DataNode)[], indent: string): string {
    if (parts.every((part) => typeof part === "string")) {
      const text = parts.join("");
      return text.includes("\n") ? `\`${templateText(text)}\`` : JSON.stringify(text);
    }
    const inside = parts.map((part) =>
      typeof part === "string" ? templateText(part) : `\${${this.write(part, indent)}}`,
    );
    return `${this.use("str")}\`${inside.join("")}\``;
  }

  private variable(name: string): string {
    return this.variables.get(name) ?? name;
  }

  private use(name: string): string {
    this.imports.add(name);
    return name;
  }
}

/** A comment of Nix in TypeScript. */
function translated(comment: string): string {
  return comment.startsWith("#") ? `//${comment.slice(1)}` : comment;
}

function templateText(text: string): string {
  return text.replace(/[\\`]|\$(?=\{|$)/g, "\\$&").replaceAll("\r", "\\r");
}

function isName(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name);
}

/** `__proto__: …` would set the prototype. */
function property(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isName(name) ? name : JSON.stringify(name);
}
