import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, relative, resolve, sep } from "node:path";
import { type Path, print } from "@firn/nix";
import { ignoredIn } from "./ignored.js";

/** A directory of the project that enters the store without what git ignores. */
export interface Source {
  /** Name of the rendered file whose value is its path in the store. */
  readonly file: string;
  readonly text: string;
  /** Absolute path of the directory. */
  readonly directory: string;
  /** What stays out, relative to the directory. */
  readonly ignored: ReadonlySet<string>;
}

/**
 * The directories that a network's configurations give as `path("./site")`. Each one with something to leave out gets a
 * rendered file of its own, which Nix reads once, however many machines have it.
 */
export class ProjectSources {
  private readonly byDirectory = new Map<string, Source | undefined>();

  /**
   * @param root the project
   * @param toRoot way to it from the rendered files
   */
  constructor(
    private readonly root: string,
    private readonly toRoot: string,
  ) {}

  /** Those that were asked for. */
  all(): Source[] {
    return [...this.byDirectory.values()].filter((source) => source !== undefined);
  }

  /**
   * The rendered file that stands for a path where the printer comes across it.
   *
   * @returns undefined where the path itself does: it is no directory of the project, has nothing to leave out, or is a
   * module, which is read in place so that it can import what lies beside it
   */
  file = (path: string, option: Path): string | undefined => {
    if (option.includes("imports")) return undefined;
    const directory = resolve(this.root, path);
    if (!this.byDirectory.has(directory)) this.byDirectory.set(directory, this.describe(directory));
    const source = this.byDirectory.get(directory);
    return source && `./${source.file}`;
  };

  private describe(directory: string): Source | undefined {
    const inProject = directory === this.root || directory.startsWith(this.root + sep);
    if (!inProject || !existsSync(directory) || !statSync(directory).isDirectory()) return undefined;
    const ignored = ignoredIn(directory).filter((path) => existsSync(resolve(directory, path)));
    if (ignored.length === 0) return undefined;
    const way = relative(this.root, directory);
    const name = basename(directory).replace(/[^A-Za-z0-9]/g, "-");
    const hash = createHash("sha256").update(way).digest("hex").slice(0, 8);
    return {
      // No machine's name begins with an underscore.
      file: `_source-${name}-${hash}.nix`,
      text: textOf(way === "" ? "." : `./${way}`, this.toRoot, ignored),
      directory,
      ignored: new Set(ignored),
    };
  }
}

function textOf(way: string, toRoot: string, ignored: readonly string[]): string {
  const root = `./. + ${print(`/${toRoot}/${way}`)}`;
  return `# The directory ${way} without what git ignores, in the store.
let
  path = ${root};
  ignored = ${print(ignored)};
  inside = text: builtins.substring (builtins.stringLength (toString path) + 1) (builtins.stringLength text) text;
in
builtins.path {
  inherit path;
  filter = text: _type: !(builtins.elem (inside text) ignored);
}
`;
}
