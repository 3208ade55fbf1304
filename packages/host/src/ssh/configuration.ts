import { userInfo } from "node:os";
import { join } from "node:path";

/**
 * An ssh configuration that says what the user's own and the system's say, and has `root` as the user where they name
 * none. The user's home is the account's, as it is for ssh, whatever `HOME` says.
 */
export function configurationText(home = userInfo().homedir): string {
  const include = [join(home, ".ssh/config"), "/etc/ssh/ssh_config"].map((path) => `Include "${path}"\n`);
  // The first value that ssh comes across counts.
  return `${include.join("")}Host *\n  User root\n`;
}
