import {
  absoluteReference,
  config,
  type Expression,
  type FlakeOutput,
  isExpression,
  isFlakeOutput,
  lib,
  modulesPath,
  nodes,
  options,
  type Path,
  type Pin,
  pkgs,
} from "@firn/nix";
import type * as pulumi from "@pulumi/pulumi";
import type { MachineConfig } from "./config.js";
import { inArgument } from "./evaluation/mistake.js";
import type { RenderedModule } from "./evaluation/render.js";
import { resolveConfig } from "./evaluation/resolve.js";

/** What a module function gets: NixOS' own module arguments, as proxies. */
export const MODULE_ARGUMENTS = { config, lib, modulesPath, nodes, options, pkgs };

/**
 * A NixOS module: a file (relative to the directory of Pulumi.yaml), Nix text, a configuration, a function of module
 * arguments that returns one, or an output of a flake.
 */
export type ModuleInput =
  | string
  | Expression
  | FlakeOutput
  | MachineConfig
  | ((args: typeof MODULE_ARGUMENTS) => MachineConfig);

/** Modules ready to be rendered, and what their values come from. */
export interface ResolvedModules {
  readonly modules: readonly RenderedModule[];
  readonly unknown: readonly string[];
  readonly resources: ReadonlySet<pulumi.Resource>;
}

/**
 * Waits for the outputs in modules that the program itself wrote.
 *
 * @param argumentOf where a module stands in the arguments of its machine or network
 */
export async function resolveModules(
  inputs: readonly ModuleInput[],
  early: boolean,
  argumentOf: (index: number) => Path,
): Promise<ResolvedModules> {
  const unknown: string[] = [];
  const resources = new Set<pulumi.Resource>();
  const modules = await Promise.all(
    inputs.map(async (input, index): Promise<RenderedModule> => {
      if (typeof input === "string") return { path: input };
      if (isFlakeOutput(input)) return { pin: flakePinName(input.reference), attribute: input.attribute };
      // Nix text may be a set or a function of module arguments; only an import takes either.
      const tree = isExpression(input)
        ? { imports: [input] }
        : isModuleFunction(input)
          ? input(MODULE_ARGUMENTS)
          : input;
      const resolved = await inArgument(argumentOf(index), resolveConfig(tree, { early }));
      unknown.push(...resolved.unknown);
      for (const resource of resolved.resources) resources.add(resource);
      return { value: resolved.value };
    }),
  );
  return { modules, unknown, resources };
}

/** Pins of the flakes that modules come from, by name. */
export function flakePins(inputs: readonly ModuleInput[], root: string): [name: string, pin: Pin][] {
  return inputs
    .filter(isFlakeOutput)
    .map(({ reference }) => [
      flakePinName(reference),
      { kind: "flake", reference: absoluteReference(reference, root) },
    ]);
}

/** The name of a flake's pin in the rendered files: a Nix identifier. */
export function flakePinName(reference: string): string {
  return `flake-${Buffer.from(reference).toString("hex")}`;
}

/**
 * Splits `.#web` into the flake and the name in its `nixosConfigurations`, which is the machine's where none is given.
 */
export function splitConfiguration(text: string, machine: string): { reference: string; name: string } {
  const [reference = "", name] = text.split("#");
  return { reference: reference || ".", name: name || machine };
}

function isModuleFunction(input: ModuleInput): input is (args: typeof MODULE_ARGUMENTS) => MachineConfig {
  return typeof input === "function";
}
