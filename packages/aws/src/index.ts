export type { DnsArgs, Ec2Args, Ec2Transforms } from "./args.js";
export { ec2 } from "./target.js";
