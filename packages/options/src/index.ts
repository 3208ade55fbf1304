export { type EmitHeader, emitOptionTypes } from "./emit.js";
export { type ReadOptions, readOptions } from "./read.js";
export { countOptions, type Deprecation, type OptionLeaf, type OptionTree, type OptionType } from "./tree.js";
