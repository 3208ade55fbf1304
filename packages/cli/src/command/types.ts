import { existsSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { findNixpkgs, usePin } from "@firn/nix";
import { countOptions, emitOptionTypes, readOptions } from "@firn/options";
import { type Command, UsageError } from "../command.js";

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
    const modules = positionals.map((file) => resolve(root, file));
    for (const module of modules) if (!existsSync(module)) throw new UsageError(`${module} is not there`);
    const pin = findNixpkgs(undefined, { root, configured: values.nixpkgs, warn: terminal.error });
    const nixpkgs = (await usePin(pin)).directory;
    const { release, tree } = await readOptions({
      nixpkgs,
      modules,
      allow: [root],
      system: values.system ?? `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux`,
    });
    const output = resolve(root, values.output ?? "nixos-options.d.ts");
    const count = countOptions(tree);
    writeFileSync(output, emitOptionTypes(tree, { release, options: count, roots: [nixpkgs, root] }));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    terminal.out(`${relative(root, output)}: ${count} options of NixOS ${release} in ${seconds} s`);
  },
};
