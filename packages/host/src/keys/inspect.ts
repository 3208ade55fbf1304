import type { Host } from "../host.js";
import type { KeyFile } from "./key.js";
import { runKeysScript } from "./script.js";

/** A file that is where a key shall be. */
export interface FoundKey {
  /** Of what is in it: 64 hexadecimal digits. It can be guessed from: never show, log or keep it. */
  readonly sha256: string;
  readonly user: string;
  readonly uid: string;
  readonly group: string;
  readonly gid: string;
  /** Four octal digits. */
  readonly permissions: string;
}

/** What a machine has of its keys. */
export interface KeysOnMachine {
  /** By path; what is not there, or is no plain file, is left out. */
  readonly files: ReadonlyMap<string, FoundKey>;
  /** Paths of the keys that Firn once placed and did not remove since. */
  readonly placed: readonly string[];
  /** Whether units may still run with older values. */
  readonly pending: boolean;
}

/**
 * Asks a machine in one round trip which keys it has.
 *
 * @throws {@link UnreachableError}, {@link CommandError}
 */
export async function inspectKeys(host: Host, paths: readonly string[]): Promise<KeysOnMachine> {
  const answer = await runKeysScript(host, "inspect", lines(paths), "asking which keys the machine has");
  const owners = new Map<string, Omit<FoundKey, "sha256">>();
  const files = new Map<string, FoundKey>();
  const placed: string[] = [];
  let pending = false;
  for (const line of answer.split("\n")) {
    const file = /^firn:file=(\S+) (\S+) (\S+) (\S+) ([0-7]+) (.*)$/.exec(line);
    const sum = /^([0-9a-f]{64}) [ *](.*)$/.exec(line);
    if (file) {
      const [, uid = "", user = "", gid = "", group = "", mode = "", path = ""] = file;
      owners.set(path, { uid, user, gid, group, permissions: mode.padStart(4, "0") });
    } else if (sum) {
      const owner = owners.get(sum[2] ?? "");
      if (owner) files.set(sum[2] ?? "", { sha256: sum[1] ?? "", ...owner });
    } else if (line.startsWith("firn:placed=")) placed.push(line.slice("firn:placed=".length));
    else if (line === "firn:pending=yes") pending = true;
  }
  return { files, placed, pending };
}

/** Whether a file has the owner and mode that a key shall have. */
export function isOwnedAs(found: FoundKey, key: KeyFile): boolean {
  return (
    (key.user === found.user || key.user === found.uid) &&
    (key.group === found.group || key.group === found.gid) &&
    key.permissions === found.permissions
  );
}

/** One a line. */
export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
