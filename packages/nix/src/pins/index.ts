export { absoluteReference, type FlakeOutput, flake, isFlakeOutput } from "./flake.js";
export { findNixpkgs, type NixpkgsSearch, type NixpkgsSource } from "./nixpkgs.js";
export { type Pin, PinError, type PinInUse, usePin } from "./pin.js";
export { NixpkgsMissingError } from "./pin-file.js";
