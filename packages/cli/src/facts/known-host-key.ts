import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Ed25519 first: it is what programs pin. */
const TYPES = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];

/**
 * The key that the user's own known_hosts have for a host, found as ssh would find it: under the name and in the files
 * that the user's configuration says.
 *
 * @returns undefined where they have none
 */
export async function knownHostKey(host: string, port: number | undefined): Promise<string | undefined> {
  const args = ["-G", ...(port === undefined ? [] : ["-p", String(port)]), "--", host];
  const settings = new Map(
    (await run("ssh", args)).stdout.split("\n").map((line): [string, string] => {
      const [name = "", ...rest] = line.split(" ");
      return [name, rest.join(" ")];
    }),
  );
  const hostname = settings.get("hostname") ?? host;
  const on = settings.get("port") ?? "22";
  const name = settings.get("hostkeyalias") ?? (on === "22" ? hostname : `[${hostname}]:${on}`);
  const files = `${settings.get("userknownhostsfile") ?? ""} ${settings.get("globalknownhostsfile") ?? ""}`;
  const keys: string[] = [];
  for (const file of files.split(" ").filter((each) => each !== "")) keys.push(...(await keysIn(file, name)));
  return TYPES.map((type) => keys.find((key) => key.startsWith(`${type} `))).find((key) => key !== undefined);
}

/** `ssh-keygen -F` reads hashed names, too; it fails where it finds none. */
async function keysIn(file: string, name: string): Promise<string[]> {
  const { stdout } = await run("ssh-keygen", ["-F", name, "-f", file]).catch(() => ({ stdout: "" }));
  return stdout
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("@"))
    .map((line) => line.split(" ").slice(1, 3).join(" "));
}
