export { absoluteReference, type FlakeOutput, flake, isFlakeOutput } from "./flake.js";
export { findNixpkgs, type NixpkgsSearch, type NixpkgsSource } from "./nixpkgs.js";
export { PIN_FILES, pinnedAddresses } from "./npins.js";
export { type Pin, type PinInUse, usePin } from "./pin.js";
export { NixpkgsMissingError, PinError } from "./pin-file.js";
