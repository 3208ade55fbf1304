/**
 * What operating deployed machines takes, without Pulumi: `firn` reads what a System has in its stack and goes on from
 * there.
 */
export { placeMachineKeys, settleMachineKeys } from "./deploy/keys.js";
export { sshTarget } from "./deploy/ssh-target.js";
export { hardwareModule } from "./hardware/module.js";
export { redactor } from "./keys/redact.js";
export { type MachineKeys, readKeys } from "./keys/values.js";
export type { SystemInputs } from "./system.js";
