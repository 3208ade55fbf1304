// Serves `pulumirpc.LanguageRuntime` for Node programs where the official pulumi-language-nodejs is missing.
// The engine calls it as `pulumi-language-nodejs [--flags] <engine address>` and reads the port from its first line.

import { loadSdk } from "./sdk.mjs";
import { languageRuntime } from "./service.mjs";

const engine = process.argv.at(-1) ?? "";
// Before `npm install` has run in a new project, the SDK of the checkout that set this stand-in up must do.
const sdk = loadSdk([process.cwd(), process.env.FIRN_SDK_FROM ?? process.cwd()]);
const { service, stop } = languageRuntime(sdk, engine);

function shutDown() {
  stop();
  process.exit(0);
}
process.on("SIGINT", shutDown);
process.on("SIGTERM", shutDown);
// The engine holds the other end of standard input: its end means that the engine died without a goodbye.
process.stdin.on("end", shutDown).on("error", shutDown).resume();

const server = new sdk.grpc.Server({
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": 400 * 1024 * 1024,
});
server.addService(sdk.services.LanguageRuntimeService, service);
server.bindAsync(
  "127.0.0.1:0",
  sdk.grpc.ServerCredentials.createInsecure(),
  (/** @type {Error | null} */ error, /** @type {number} */ port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  },
);
