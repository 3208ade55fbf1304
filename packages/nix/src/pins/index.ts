export { findNixpkgs, type NixpkgsSearch, type NixpkgsSource } from "./nixpkgs.js";
export { fetchPin, PinError, type Pin, pinExpression } from "./pin.js";
export { NixpkgsMissingError } from "./pin-file.js";
