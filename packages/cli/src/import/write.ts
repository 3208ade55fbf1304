import type { DataNode } from "./node.js";

/** Writes nodes as TypeScript and remembers which names of `@firn/nixos` that takes. */
export class Writer {
  readonly imports = new Set<string>();

  write(node: DataNode, indent = ""): string {
    const deeper = `${indent}  `;
    switch (node.kind) {
      case "literal":
        return node.text;
      case "name":
        return this.use(node.name);
      case "path":
        return `${this.use("path")}(${JSON.stringify(node.path)})`;
      case "code":
        return `${this.use("nix")}\`${templateText(node.text)}\``;
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
        const elements = node.elements.map((element) => this.write(element, deeper));
        const line = `[${elements.join(", ")}]`;
        if (line.length + indent.length < 90 && !line.includes("\n")) return line;
        return `[\n${elements.map((element) => `${deeper}${element},\n`).join("")}${indent}]`;
      }
      case "set": {
        if (node.entries.size === 0) return "{}";
        const lines = [...node.entries].map(
          ([name, value]) => `${deeper}${property(name)}: ${this.write(value, deeper)},\n`,
        );
        return `{\n${lines.join("")}${indent}}`;
      }
    }
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

  private use(name: string): string {
    this.imports.add(name);
    return name;
  }
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
