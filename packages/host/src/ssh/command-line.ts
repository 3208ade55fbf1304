import { EXTRA_PATH, WITH_PATH } from "../host.js";
import { quote } from "../quote.js";

/** What the machine's login shell is given to run `argv`, as root through sudo if asked to. */
export function commandLine(argv: readonly string[], sudo: boolean): string {
  const path = `export PATH="$PATH:${EXTRA_PATH}";`;
  return sudo
    ? `${path} exec sudo -n -- ${quote(WITH_PATH)} "$PATH" ${quote(argv)}`
    : `${path} exec ${quote(argv)}`;
}
