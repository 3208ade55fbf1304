export type {
  Attempts,
  FailedUnitPolicy,
  FailedUnitsPolicy,
  Goal,
  HealthCheck,
  HttpCheck,
  RebootPolicy,
  TcpCheck,
} from "@firn/host";
export {
  builtins,
  config,
  flake,
  fn,
  letIn,
  lib,
  modulesPath,
  type NixpkgsSource,
  nix,
  nodes,
  op,
  options,
  path,
  pkgs,
  str,
} from "@firn/nix";
export { byStack } from "./by-stack.js";
export { byTag } from "./by-tag.js";
export type {
  MachineConfig,
  Nix,
  NixData,
  NixFunction,
  NixosOptions,
  NixPackage,
  NixPath,
  Outputs,
  RemovedOption,
} from "./config.js";
export type {
  BuildOn,
  DeepInput,
  DeploymentArgs,
  DeploymentTimeouts,
  RollingUpdate,
} from "./deployment-args.js";
export type {
  BtrfsContent,
  DiskArgs,
  DiskLayout,
  FileSystemContent,
  MdadmArgs,
  MdraidContent,
  PartitionArgs,
  SwapContent,
  TableContent,
} from "./disks/layout.js";
export { type ExistingHostArgs, existing } from "./existing.js";
export { SshKeyPair } from "./key-pair.js";
export type { KeyArgs, KeyOptions, KeySource, Keys } from "./keys/args.js";
export { InvalidKeyError } from "./keys/declare.js";
export type { GroupOptions, LinkOptions, LinksArgs, MachineLinkArgs } from "./links/args.js";
export type { LinkEnd, LinkIdentity, LinkKind, LinkPeer } from "./links/kind.js";
export { type Peer, type PeerArgs, type PeerDescription, peer, remotePeer } from "./links/peer.js";
export { wireguard } from "./links/wireguard.js";
export { Machine, type MachineArgs } from "./machine.js";
export type { ModuleInput } from "./modules.js";
export { InvalidNameError } from "./names.js";
export { Network, type NetworkArgs } from "./network.js";
export { type Settings, stackConfig } from "./stack-config.js";
export { type Manifest, System, type SystemInputs } from "./system.js";
export type {
  Host,
  HostSsh,
  HostStarter,
  JumpHostArgs,
  KeyPair,
  LinkOpening,
  MachineSpec,
  PrivilegeArgs,
  Target,
} from "./target.js";
