export { type NixpkgsSource, config, fn, lib, nix, nodes, options, path, pkgs, str } from "@firn/nix";
export { byStack } from "./by-stack.js";
export { type ExistingHostArgs, existing } from "./existing.js";
export { SshKeyPair } from "./key-pair.js";
export { Machine, type MachineArgs, type MachineConfig } from "./machine.js";
export { InvalidNameError } from "./names.js";
export { Network, type NetworkArgs } from "./network.js";
export { type Manifest, System, type SystemInputs } from "./system.js";
export type { Host, HostSsh, KeyPair, MachineSpec, Target } from "./target.js";
