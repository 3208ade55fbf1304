export { ensureImage, type Note } from "./ensure.js";
