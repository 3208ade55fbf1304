import { readFileSync } from "node:fs";

/** A fenced block of a page of the documentation. */
interface Block {
  readonly language: string;
  readonly text: string;
}

/** What a page shows, ready to be run. */
export interface Page {
  /** Snippets in TypeScript that work, in the page's order. */
  readonly snippets: readonly string[];
  /** Snippets whose first line is `// refused: MESSAGE`. */
  readonly refused: readonly { readonly message: string; readonly snippet: string }[];
  /** Blocks whose first line is `# NAME`, by that name. */
  readonly files: ReadonlyMap<string, string>;
  /** Commands of a shell, one a line. */
  readonly commands: readonly string[];
}

/** Reads a page. */
export function readPage(file: string): Page {
  const blocks: Block[] = [...readFileSync(file, "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
    (match) => ({
      language: match[1] ?? "",
      text: match[2] ?? "",
    }),
  );
  const of = (language: string) =>
    blocks.filter((block) => block.language === language).map(({ text }) => text);
  const refusal = /^\/\/ refused: (.*)\n/;
  const all = of("ts");
  return {
    snippets: all.filter((text) => !refusal.test(text)),
    refused: all.flatMap((snippet) => {
      const message = refusal.exec(snippet)?.[1];
      return message === undefined ? [] : [{ message, snippet }];
    }),
    files: new Map(of("nix").flatMap((text) => [[/^# (\S+)\n/.exec(text)?.[1] ?? "", text] as const])),
    commands: of("sh").flatMap((text) => text.trim().split("\n")),
  };
}

/** A command of a page, and the machine that it is run on where that is not the deployer's: the block begins `# on NAME`. */
export interface Step {
  readonly machine?: string;
  readonly command: string;
}

/** The commands of a page by the title of their section; sections without commands are left out. */
export function readSections(file: string): Map<string, Step[]> {
  const sections = readFileSync(file, "utf8").split(/^## /m).slice(1);
  const steps = sections.map((text): [string, Step[]] => {
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
    const commands = blocks.flatMap((block) => {
      const machine = /^# on (\S+)\n/.exec(block)?.[1];
      const lines = block.trim().split("\n");
      if (machine === undefined) return lines.map((command) => ({ command }));
      return lines.slice(1).map((command) => ({ machine, command }));
    });
    return [text.slice(0, text.indexOf("\n")), commands];
  });
  return new Map(steps.filter(([, commands]) => commands.length > 0));
}

/** One program of several snippets: the first at the top, each other one in a block of its own. */
export function joinSnippets([first = "", ...others]: readonly string[]): string {
  const names = new Map<string, Set<string>>();
  const bodies = [first, ...others].map((snippet) =>
    snippet.replace(/^import (.*) from "(.*)";\n/gm, (_line, what: string, from: string) => {
      const known = names.get(from) ?? new Set();
      names.set(from, known);
      for (const name of /^\{ (.*) \}$/.exec(what)?.[1]?.split(", ") ?? [what]) known.add(name);
      return "";
    }),
  );
  const imports = [...names].flatMap(([from, known]) => {
    const [whole, named] = [
      [...known].filter((n) => n.startsWith("*")),
      [...known].filter((n) => !n.startsWith("*")),
    ];
    return [
      ...whole.map((name) => `import ${name} from "${from}";`),
      ...(named.length > 0 ? [`import { ${named.join(", ")} } from "${from}";`] : []),
    ];
  });
  const [top, ...rest] = bodies;
  // What is exported can be in no block.
  const parts = rest.map((body) => (/^export /m.test(body) ? body : `{\n${body}}\n`));
  return `${imports.join("\n")}\n${top}\n${parts.join("\n")}`;
}
