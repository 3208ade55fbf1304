import { execFile } from "node:child_process";
import { open, rm } from "node:fs/promises";
import { promisify } from "node:util";
import { eventually } from "../../lab/probe.js";

const run = promisify(execFile);

/** Makes an empty disk, or grows one; it takes no room on this computer until it is written to. */
export async function resizeDisk(file: string, gigabytes: number): Promise<void> {
  const disk = await open(file, "a");
  try {
    await disk.truncate(Math.round(gigabytes * 1e9));
  } finally {
    await disk.close();
  }
  for (const loop of await loopsOf(file)) await run("losetup", ["--set-capacity", loop]);
}

/** The block device of a disk on this computer; it has one while it is attached to a server. */
export async function attachLoop(file: string): Promise<string> {
  const [known] = await loopsOf(file);
  return known ?? (await run("losetup", ["--find", "--show", file])).stdout.trim();
}

/** The kernel lets a disk go once nothing uses it: a machine that was just removed may take a moment to be gone. */
export async function detachLoop(file: string): Promise<void> {
  for (const loop of await loopsOf(file)) await run("losetup", ["--detach", loop]);
  await eventually(async () => {
    const left = await loopsOf(file);
    if (left.length > 0) throw new Error(`${left.join(", ")} is in use still`);
  });
}

export async function removeDisk(file: string): Promise<void> {
  await detachLoop(file);
  await rm(file, { force: true });
}

async function loopsOf(file: string): Promise<string[]> {
  const { stdout } = await run("losetup", ["--noheadings", "--output", "NAME", "--associated", file]);
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
