import { EXTRA_PATH } from "../host.js";
import { quote } from "../quote.js";

/** What the machine's login shell is given to run `command`: an argument array, or a command line of its own. */
export function commandLine(command: readonly string[] | string): string {
  return `export PATH="$PATH:${EXTRA_PATH}"; exec ${typeof command === "string" ? command : quote(command)}`;
}
