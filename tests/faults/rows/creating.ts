import type { Row } from "../fault.js";

/** Hosts that are being made when the deployer dies: there is no old system, and the next run brings the first one. */
export const HOST_HALF_MADE: Row = {
  row: "The deployer is killed",
  phase: "creating a host",
  machine: "half",
  ends: "new",
};
export const HOST_NOT_NOTED: Row = {
  row: "Pulumi is killed and its provider lives on",
  phase: "creating a host",
  machine: "half",
  ends: "new",
};
