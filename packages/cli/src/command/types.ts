import { existsSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { findNixpkgs, usePin } from "@firn/nix";
import { countOptions, emitOptionTypes, readOptions } from "@firn/options";
import { type Command, UsageError } from "../command.js";
import { ownModules } from "./own-modules.js";

/** `firn types`: TypeScript types for the options of this project's NixOS. */
export const types: Command = {
  usage: "[--nixpkgs PATH] [--system SYSTEM] [--output FILE] [MODULE.nix …]",
  summary: "writes nixos-options.d.ts: every NixOS option, and those of the modules, as TypeScript types",
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        nixpkgs: { type: "string" },
        system: { type: "string" },
        output: { type: "string", short: "o" },
      },
    });
    const start = performance.now();
    const root = process.cwd();
    const named = positionals.map((file) => resolve(root, file));
    for (const module of named) if (!existsSync(module)) throw new UsageError(`${module} is not there`);
    const pin = findNixpkgs(undefined, { root, configured: values.nixpkgs, warn: terminal.error });
    const nixpkgs = (await usePin(pin)).directory;
    const system = values.system ?? `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux`;
    const read = (modules: readonly string[]) => readOptions({ nixpkgs, modules, allow: [root], system });
    const found = ownModules(root).filter((module) => !named.includes(module));
    const { release, tree } = await read([...named, ...found]).catch((error) => {
      if (found.length === 0) throw error;
      // Machines' modules need not go together: they were not named for that.
      terminal.error(
        `The modules that the networks name do not evaluate together; their options are left out. Name those that do: firn types ${found.map((file) => relative(root, file)).join(" ")}`,
      );
      return read(named);
    });
    const output = resolve(root, values.output ?? "nixos-options.d.ts");
    const count = countOptions(tree);
    writeFileSync(output, emitOptionTypes(tree, { release, options: count, roots: [nixpkgs, root] }));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    terminal.out(`${relative(root, output)}: ${count} options of NixOS ${release} in ${seconds} s`);
  },
};
