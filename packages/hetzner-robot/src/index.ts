export type { RobotArgs } from "./args.js";
export { robot } from "./target.js";
