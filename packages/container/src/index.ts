export { type ContainerArgs, container } from "./target.js";
