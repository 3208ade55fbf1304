import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { pathLiterals } from "@firn/nix";
import type { Source } from "./sources.js";

/**
 * Ways by which Nix code makes a path other than by writing it down. A file that has one of them may read anything
 * in the project; a false alarm costs an evaluation, no more.
 */
const MAKES_PATHS =
  /\b(toString|dirOf|toPath|unsafeGetAttrPos|__curPos|getFlake|readDir|storePath)\b|\/\. *\+|["/]\.\.["/]|\/\."|"\.\/|\$\{"\.+"\}/;

/** Directories of tools, which no configuration is kept in; a path that is written down leads into them all the same. */
const TOOLS = new Set([".git", ".firn", ".pulumi", "node_modules"]);

/** Digests of what machines' module files can read in the project; files shared by machines are read once. */
export class ProjectReads {
  private readonly contents = new Map<string, { digest: string; next: readonly string[] | "anything" }>();
  private readonly names = new Map<string, readonly string[]>();
  private whole: string | undefined;

  /** @param sources what rendered files bring to the store, by the absolute path of the file */
  constructor(
    private readonly root: string,
    private readonly sources: ReadonlyMap<string, Source> = new Map(),
  ) {}

  /** Digest of the whole project. What git ignores counts too: Nix reads it like any other file. */
  project(): string {
    if (this.whole !== undefined) return this.whole;
    const hash = createHash("sha256");
    const visit = (directory: string) => {
      for (const entry of readdirSync(directory, { withFileTypes: true }).sort(byName)) {
        const path = join(directory, entry.name);
        if (TOOLS.has(entry.name)) continue;
        if (entry.isDirectory()) visit(path);
        else hash.update(JSON.stringify([relative(this.root, path), this.look(path).digest]));
      }
    };
    visit(this.root);
    this.whole = hash.digest("hex");
    return this.whole;
  }

  /**
   * Digest of everything below the project that evaluating `modules` and `texts` can read: the files that they name,
   * the files that those name, and directories with all that is in them.
   *
   * @param modules absolute paths of module files
   * @param texts rendered modules, by the absolute path where they lie
   */
  digest(modules: readonly string[], texts: ReadonlyMap<string, string>): string {
    const hash = createHash("sha256");
    const queue = [...modules];
    for (const [file, text] of texts) {
      const named = this.named(text, dirname(file));
      if (named === "anything") return this.project();
      queue.push(...named);
    }
    const seen = new Set<string>();
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      // The root as a whole, or a way out of it, which evaluation refuses.
      if (this.root.startsWith(path)) return this.project();
      const { digest, next } = this.look(path);
      if (next === "anything") return this.project();
      queue.push(...next);
      hash.update(JSON.stringify([relative(this.root, path), digest]));
    }
    return hash.digest("hex");
  }

  /** Digest of a directory as it enters the store. */
  private source({ directory, ignored }: Source): string {
    const hash = createHash("sha256");
    const visit = (path: string) => {
      const way = relative(directory, path);
      if (ignored.has(way)) return;
      const isDirectory = lstatSync(path).isDirectory();
      hash.update(JSON.stringify([way, isDirectory ? "directory" : this.look(path).digest]));
      if (isDirectory) for (const name of readdirSync(path).sort()) visit(join(path, name));
    };
    visit(directory);
    return hash.digest("hex");
  }

  /** Paths beside one that begin with it. */
  private longer(path: string): readonly string[] {
    const directory = dirname(path);
    let names = this.names.get(directory);
    if (!names) {
      try {
        names = readdirSync(directory).sort();
      } catch {
        names = []; // it is not there
      }
      this.names.set(directory, names);
    }
    const start = basename(path);
    return names
      .filter((name) => name.startsWith(start) && name !== start)
      .map((name) => join(directory, name));
  }

  private look(path: string): { digest: string; next: readonly string[] | "anything" } {
    const known = this.contents.get(path);
    if (known) return known;
    const source = this.sources.get(path);
    const looked = source ? { digest: this.source(source), next: [] } : this.lookAt(path);
    this.contents.set(path, looked);
    return looked;
  }

  private lookAt(path: string): { digest: string; next: readonly string[] | "anything" } {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat) return { digest: "absent", next: [] };
    if (stat.isSymbolicLink()) {
      const target = readlinkSync(path);
      return { digest: `link ${target}`, next: [resolve(dirname(path), target)] };
    }
    if (stat.isDirectory()) {
      const names = readdirSync(path).sort();
      return { digest: `directory ${JSON.stringify(names)}`, next: names.map((name) => join(path, name)) };
    }
    // Sockets and the like have nothing that Nix can read.
    if (!stat.isFile()) return { digest: "special", next: [] };
    const content = readFileSync(path);
    const digest =
      createHash("sha256").update(content).digest("hex") + ((stat.mode & 0o100) !== 0 ? " executable" : "");
    return { digest, next: path.endsWith(".nix") ? this.named(content.toString("utf8"), dirname(path)) : [] };
  }

  /** Paths that Nix text names. */
  private named(text: string, directory: string): readonly string[] | "anything" {
    if (MAKES_PATHS.test(text) || text.includes(this.root)) return "anything";
    const paths: string[] = [];
    for (const literal of pathLiterals(text)) {
      if (literal.kind === "home") return "anything";
      if (literal.kind !== "relative") continue; // outside of the project, which evaluation refuses
      const fixed = literal.text.split("${")[0] ?? "";
      const path = resolve(
        directory,
        fixed === literal.text ? fixed : fixed.slice(0, fixed.lastIndexOf("/") + 1),
      );
      if (path !== this.root && !path.startsWith(this.root + sep)) continue;
      // A path and a text make a longer one: `./web + ".nix"`.
      paths.push(path, ...this.longer(path));
    }
    return paths;
  }
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
