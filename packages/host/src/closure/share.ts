import type { Host } from "../host.js";
import { localHost } from "../local.js";
import { readScript, readValues } from "../scripts.js";
import { LocalStore } from "./local-store.js";

/**
 * Tells a machine that sees this computer's Nix store what a closure consists of, instead of sending it.
 *
 * @returns whether the machine has it now: false where it does not see all of it
 */
export async function shareClosure(host: Host, path: string): Promise<boolean> {
  const closure = await LocalStore.use(async (store) =>
    (await store.closure([path])).map((info) => info.path),
  );
  const { stdout: registration } = await localHost().run(["nix-store", "--dump-db", ...closure]);
  const { stdout } = await host.run(["sh", "-c", readScript("share.sh")], {
    input: `${closure.join("\n")}\n\n${registration}`,
    privileged: true,
    title: "registering what the shared Nix store has",
  });
  return readValues(stdout).get("shared") === "yes";
}
