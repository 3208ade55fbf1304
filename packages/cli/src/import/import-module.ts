import type { DataNode, Kept } from "./node.js";
import { parseModule } from "./parse.js";
import { Writer } from "./write.js";

/** A NixOS module as TypeScript, and what of it stayed Nix. */
export interface ImportedModule {
  /** A whole TypeScript module that exports the arguments of a machine. */
  readonly text: string;
  readonly kept: readonly Kept[];
}

/**
 * Turns a NixOS module that is data into TypeScript.
 *
 * @param name of the machine
 * @param directory of the file, relative to the project root with `/`, for example `.`
 * @throws an error when the module declares options, and a `NixSyntaxError` for text that is no Nix
 */
export function importModule(source: string, name: string, directory: string): ImportedModule {
  const { module, kept } = parseModule(source, directory);
  const writer = new Writer();
  const args: [string, DataNode][] = [];
  let config = module;
  if (module.kind === "set") {
    if (module.entries.has("options"))
      throw new Error(
        "the module declares options of its own: keep it as a file and name it in a machine's `modules`.",
      );
    const { modules, rest } = splitImports(module.entries);
    if (modules) args.push(["modules", modules]);
    const inner = rest.get("config");
    config = inner && rest.size === 1 ? inner : { kind: "set", entries: rest };
  }
  args.push(["config", config]);
  const body = writer.write({ kind: "set", entries: new Map(args) });
  const imports = [...writer.imports, "type MachineArgs"].sort((a, b) => key(a).localeCompare(key(b)));
  const text = `import { ${imports.join(", ")} } from "@firn/nixos";

/** For \`network.machine(${JSON.stringify(name)}, machine)\`. */
export const machine: MachineArgs = ${body};
`;
  return { text, kept };
}

/** `imports` of files are a machine's `modules`; computed ones stay where they are. */
function splitImports(entries: Map<string, DataNode>): { modules?: DataNode; rest: Map<string, DataNode> } {
  const rest = new Map(entries);
  const imports = rest.get("imports");
  if (imports?.kind !== "list" || !imports.elements.every((element) => element.kind === "path"))
    return { rest };
  rest.delete("imports");
  const elements = imports.elements.map((element): DataNode => ({ kind: "string", parts: [element.path] }));
  return elements.length === 0 ? { rest } : { modules: { kind: "list", elements }, rest };
}

function key(name: string): string {
  return name.replace("type ", "").toLowerCase();
}
