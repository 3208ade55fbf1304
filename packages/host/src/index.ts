export {
  type ActivateArgs,
  type ActivationResult,
  activate,
  type RebootPolicy,
} from "./activation/activate.js";
export { ActivationError, DamagedSystemError } from "./activation/activation-error.js";
export {
  type FailedUnitPolicy,
  type FailedUnitsPolicy,
  faultOfPolicy,
} from "./activation/failed-units.js";
export { GOALS, type Goal, isGoal } from "./activation/goal.js";
export { type RebootNeed, rebootNeed } from "./activation/reboot-reasons.js";
export { type ActivationReport, activationStatus, type Fallback } from "./activation/report.js";
export { reachableCaches } from "./closure/caches.js";
export { type CopyOptions, type CopyProgress, type CopyResult, copyClosure } from "./closure/copy.js";
export { repairClosure } from "./closure/repair.js";
export { keepFromCollector } from "./closure/root.js";
export { shareClosure } from "./closure/share.js";
export {
  AuthenticationError,
  CommandError,
  DiskFullError,
  HostError,
  HostKeyMismatchError,
  LockedError,
  PrivilegeError,
  UnreachableError,
} from "./errors.js";
export type {
  Address,
  DefaultRoute,
  Disk,
  HostFacts,
  Mount,
  NetworkInterface,
  Partition,
  Privileged,
  Swap,
} from "./facts/facts.js";
export { hostFacts } from "./facts/gather.js";
export { parseFacts } from "./facts/parse.js";
export {
  type Attempts,
  type From,
  faultOfCheck,
  type HealthCheck,
  type HttpCheck,
  nameOf,
  type TcpCheck,
} from "./health/check.js";
export { HealthCheckError } from "./health/health-check-error.js";
export { runHealthChecks } from "./health/run-checks.js";
export type { Host, RunOptions, RunResult } from "./host.js";
export { connectKeepingHostKey, type KeepHostKeyOptions } from "./host-key/replace.js";
export type { DiskPlan, DiskStep, FileSystemKind, PlannedPartition } from "./install/disk-plan.js";
export { bootFromDisks, bootsFromDisks, leadStoreToDisks, prepareDisks } from "./install/disks.js";
export { InstallError } from "./install/install-error.js";
export { installNix } from "./install/nix.js";
export { hasBootedNixos, type RebootIntoOptions, rebootInto, takeOver } from "./install/take-over.js";
export { type FoundKey, inspectKeys, isOwnedAs, type KeysOnMachine } from "./keys/inspect.js";
export type { Key, KeyFile } from "./keys/key.js";
export { type PlacedKeys, placeKeys, sha256 } from "./keys/place.js";
export { type SettledKeys, settleKeys } from "./keys/settle.js";

export { localHost } from "./local.js";
export { type ProcessResult, runProcess } from "./process.js";
export { quote } from "./quote.js";
export { parseRunningSystem, type RunningSystem, runningSystem } from "./running.js";
export { sshAnswers } from "./ssh/answers.js";
export { type ConnectOptions, connect } from "./ssh/connect.js";
export { type HostKey, parseHostKey } from "./ssh/host-key.js";
export type { JumpHost, Privilege, SshEndpoint, SshTarget } from "./ssh/target.js";
export { currentState, type HostState } from "./state.js";
