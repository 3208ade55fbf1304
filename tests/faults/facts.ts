import { readFileSync } from "node:fs";

/** What a machine runs. */
export interface Facts {
  /** Store path of the system. */
  readonly system: string;
  /** Version of the test's system. */
  readonly version: string;
  /** How many of its keys are not there: after a reboot, those that lie in memory. */
  readonly absentKeys: number;
  /** Places that are not this system's; none when the machine runs it wholly. */
  readonly differs: readonly string[];
}

/** Shell text that tells a machine's {@link Facts}. */
export const WHOLLY = readFileSync(new URL("machine/wholly.sh", import.meta.url), "utf8");

/** Reads what {@link WHOLLY} says. */
export function readFacts(said: string): Facts {
  const all = (key: string) =>
    [...said.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map((match) => match[1] ?? "");
  return {
    system: all("system")[0] ?? "",
    version: all("version")[0] ?? "",
    absentKeys: Number(all("absentKeys")[0]),
    differs: all("differs"),
  };
}
