import type { DataNode, Kept } from "./node.js";
import { parseModule } from "./parse.js";
import { typescriptNames } from "./typescript-names.js";
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
  const { module, variables, comments, top, kept } = parseModule(source, directory);
  const names = typescriptNames([...variables.keys()]);
  const writer = new Writer(comments, names);
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
    const end = comments.get(module);
    config = inner && rest.size === 1 ? inner : { kind: "set", entries: rest };
    if (end && config !== inner) (comments as Map<DataNode, typeof end>).set(config, end);
  }
  args.push(["config", config]);
  const constants = [...variables].map(([variable, node]) => {
    // Else the compiler would take "a" in it for any text.
    const narrow = node.kind === "set" || node.kind === "list" ? " as const" : "";
    const above = writer.lines(comments.get(node)?.before ?? [], "");
    return `${above}const ${names.get(variable)} = ${writer.write(node)}${narrow};\n`;
  });
  const body = writer.write({ kind: "set", entries: new Map(args) });
  const imports = [...writer.imports, "type MachineArgs"].sort((a, b) => key(a).localeCompare(key(b)));
  const text = `${writer.lines(top, "")}import { ${imports.join(", ")} } from "@firn/nixos";

${constants.length === 0 ? "" : `${constants.join("")}\n`}/** For \`network.machine(${JSON.stringify(name)}, machine)\`. */
export const machine: MachineArgs = ${body};
`;
  return { text, kept };
}

/** A list of `imports` is a machine's `modules`: files by their names, everything else as it is. */
function splitImports(entries: Map<string, DataNode>): { modules?: DataNode; rest: Map<string, DataNode> } {
  const rest = new Map(entries);
  const imports = rest.get("imports");
  if (imports?.kind !== "list") return { rest };
  rest.delete("imports");
  const elements = imports.elements.map(
    (element): DataNode => (element.kind === "path" ? { kind: "string", parts: [element.path] } : element),
  );
  return elements.length === 0 ? { rest } : { modules: { kind: "list", elements }, rest };
}

function key(name: string): string {
  return name.replace("type ", "").toLowerCase();
}
