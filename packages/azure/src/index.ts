export type { AzureArgs, AzureDns, AzureTransforms } from "./args.js";
export { azure } from "./target.js";
