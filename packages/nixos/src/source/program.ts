import { createRequire } from "node:module";
import type { CallExpression, NewExpression, Node, Project, SourceFile } from "ts-morph";
import type { SourceLocation } from "../location.js";

/** ts-morph, which only an error needs: it takes most of a second and 70 MB to load. */
export type TsMorph = typeof import("ts-morph");

/** A call of a function or constructor. */
export type Call = CallExpression | NewExpression;

/** The user's program as its source, read when something in it has to be pointed at. */
export class Program {
  private readonly project: Project;

  constructor(readonly morph: TsMorph) {
    const { ModuleResolutionKind, Project, ts } = morph;
    this.project = new Project({
      skipAddingFilesFromTsConfig: true,
      skipFileDependencyResolution: true,
      skipLoadingLibFiles: true,
      compilerOptions: {
        allowJs: true,
        noLib: true,
        types: [],
        module: morph.ModuleKind.NodeNext,
        moduleResolution: ModuleResolutionKind.NodeNext,
      },
      resolutionHost: (host, getOptions) => ({
        // Only what the user wrote: packages are many, and nobody mends an option in them.
        resolveModuleNames: (names, file) =>
          names.map((name) => {
            const found = ts.resolveModuleName(name, file, getOptions(), host).resolvedModule;
            return found && isWritten(found.resolvedFileName) ? found : undefined;
          }),
      }),
    });
  }

  /** A file of the program; undefined where it cannot be read. */
  file(path: string): SourceFile | undefined {
    return this.project.addSourceFileAtPathIfExists(path);
  }

  /** The innermost node at a location. */
  nodeAt({ file, line, column = 1 }: SourceLocation): Node | undefined {
    const source = this.file(file);
    if (!source) return undefined;
    const position = source.compilerNode.getPositionOfLineAndCharacter(line - 1, column - 1);
    return source.getDescendantAtPos(position);
  }

  /** The calls that a location may mean, the likeliest first. */
  callsAt(location: SourceLocation): Call[] {
    const { Node } = this.morph;
    const calls = (this.file(location.file)?.getDescendants() ?? []).filter(
      (node): node is Call => Node.isCallExpression(node) || Node.isNewExpression(node),
    );
    const onLine = calls.filter((call) => namePosition(call, this.morph).line === location.line);
    const { column } = location;
    if (column === undefined) return onLine;
    const distance = (call: Call) => Math.abs(namePosition(call, this.morph).column - column);
    return onLine.toSorted((a, b) => distance(a) - distance(b));
  }
}

/** Loads ts-morph and with it the program's source; where an error arises, nothing can be waited for. */
export function openProgram(): Program {
  return new Program(createRequire(import.meta.url)("ts-morph") as TsMorph);
}

function isWritten(file: string): boolean {
  return !file.includes("/node_modules/") && !/\.d\.[cm]?ts$/.test(file);
}

/** Where V8 says that a call is: at the name of the method, or at `new`. Both count from 1. */
function namePosition(call: Call, { Node }: TsMorph): { line: number; column: number } {
  const callee = call.getExpression();
  const at: Node = Node.isNewExpression(call)
    ? call
    : Node.isPropertyAccessExpression(callee)
      ? callee.getNameNode()
      : callee;
  const { line, column } = call.getSourceFile().getLineAndColumnAtPos(at.getStart());
  return { line, column };
}
