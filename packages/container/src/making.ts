import { readFile } from "node:fs/promises";
import type { ContainerPlaces } from "./record.js";

/** Whether a container is being made, and then whether the process that makes it still lives. */
export async function isBeingMade(
  places: Pick<ContainerPlaces, "making">,
): Promise<{ readonly goesOn: boolean } | undefined> {
  const maker = await readFile(places.making, "utf8").catch(() => undefined);
  if (maker === undefined) return undefined;
  return {
    goesOn: maker !== "" && maker === (await nameOfProcess(Number.parseInt(maker, 10)).catch(() => "")),
  };
}

/** Process id and the time of its start, which no later process with this id has; empty for one that has ended. */
export async function nameOfProcess(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may have spaces; after it come the state and, as the 22nd field of all, the start.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? "" : `${pid} ${fields[19]}`;
}
