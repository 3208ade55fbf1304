export type { HcloudArgs, HcloudTransforms } from "./args.js";
export { hcloud } from "./target.js";
