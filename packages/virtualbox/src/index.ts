export type { SharedFolderArgs, VirtualboxArgs } from "./args.js";
export { virtualbox } from "./target.js";
