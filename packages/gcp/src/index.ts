export type { GcpArgs, GcpDns, GcpTransforms } from "./args.js";
export { gcp } from "./target.js";
