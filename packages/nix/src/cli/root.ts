import { lastLines, NixCommandError } from "./errors.js";
import { runNix } from "./run.js";

/**
 * Makes `link` a symbolic link to a store path of this computer, and a root of the garbage collector for as long as the
 * link exists.
 *
 * @throws {@link NixCommandError} when the path is not valid or the link cannot be made
 */
export async function addRoot(link: string, storePath: string): Promise<void> {
  const { exitCode, stderr } = await runNix("nix-store", [
    "--add-root",
    link,
    "--indirect",
    "--realise",
    storePath,
  ]);
  if (exitCode !== 0)
    throw new NixCommandError(
      `${storePath} could not be kept from the garbage collector:\n${lastLines(stderr, 5)}`,
    );
}
