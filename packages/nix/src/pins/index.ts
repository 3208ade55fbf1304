export { findNixpkgs, type NixpkgsSearch, type NixpkgsSource } from "./nixpkgs.js";
export { fetchPin, type Pin, PinError, pinExpression } from "./pin.js";
export { NixpkgsMissingError } from "./pin-file.js";
