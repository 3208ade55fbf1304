import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Loads the Pulumi SDK that lies nearest to one of the given folders, and the protocol files inside it.
 *
 * The stand-in has no dependencies of its own: every program that it could serve has `@pulumi/pulumi`.
 *
 * @param {readonly string[]} folders folders from which `@pulumi/pulumi` is looked up, the best one first
 * @throws an error that says where it looked
 */
export function loadSdk(folders) {
  const manifest = find("@pulumi/pulumi/package.json", folders);
  if (manifest === undefined) {
    throw new Error(`@pulumi/pulumi was not found from ${folders.join(" or ")}: run "npm install" there`);
  }
  const require = createRequire(manifest);
  return {
    /** Version of the SDK without a leading "v". */
    version: /** @type {string} */ (require("./package.json").version),
    grpc: require("@grpc/grpc-js"),
    services: require("./proto/language_grpc_pb.js"),
    messages: require("./proto/language_pb.js"),
    plugins: require("./proto/plugin_pb.js"),
    Empty: require("google-protobuf/google/protobuf/empty_pb.js").Empty,
  };
}

/**
 * The file behind a module name as seen from the first folder that has it; undefined where none has.
 *
 * @param {string} name a module name such as `@pulumi/pulumi/cmd/run`
 * @param {readonly string[]} folders
 * @returns {string | undefined}
 */
export function find(name, folders) {
  for (const folder of folders) {
    try {
      return createRequire(join(folder, "any.js")).resolve(name);
    } catch {
      // The next folder may have it.
    }
  }
  return undefined;
}
