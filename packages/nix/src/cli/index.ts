export {
  BuildError,
  lastError,
  lastLines,
  NixCommandError,
  NixMemoryError,
  NixMissingError,
} from "./errors.js";
export { type EvaluateOptions, evaluateJson } from "./instantiate.js";
export { type BuildPlace, type RealiseProgress, type RealiseRequest, realise } from "./realise.js";
export { addRoot } from "./root.js";
export { type NixRunOptions, type NixRunResult, runNix } from "./run.js";
export { type EvaluationSettings, evaluationSettings } from "./settings.js";
export { nixVersion, OLDEST_NIX, parseNixVersion, warmUpNix } from "./version.js";
