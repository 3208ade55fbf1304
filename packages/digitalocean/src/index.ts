export type { DigitaloceanArgs, DigitaloceanTransforms } from "./args.js";
export { digitalocean } from "./target.js";
