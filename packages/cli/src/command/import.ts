import { readFileSync } from "node:fs";
import { basename, dirname, relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { type Command, UsageError } from "../command.js";
import { importModule } from "../import/import-module.js";

/** `firn import`: a NixOS module that is data, as TypeScript on standard output. */
export const importCommand: Command = {
  usage: "[--name MACHINE] FILE.nix",
  summary: "turns a NixOS module that is data into TypeScript; what is more than data stays nix`…`",
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { name: { type: "string" } },
    });
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) throw new UsageError("give one Nix file");
    const directory =
      relative(process.cwd(), dirname(resolve(file)))
        .split(sep)
        .join("/") || ".";
    const name = values.name ?? basename(file, ".nix");
    const { text, kept } = importModule(readFileSync(file, "utf8"), name, directory);
    terminal.out(text.trimEnd());
    for (const { line, reason } of kept)
      terminal.error(`${file}:${line}: kept as nix\`…\` because of ${reason}`);
  },
};
