import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PREFIX = "firn-ssh-";
const open = new Set<string>();
let prepared = false;

/**
 * Makes a directory that only this user can enter, for a connection's socket and keys: in memory where the system has
 * a place for that, with a path short enough for sockets.
 */
export function makePrivateDirectory(): string {
  if (!prepared) {
    prepared = true;
    process.once("exit", () => {
      for (const directory of open) rmSync(directory, { recursive: true, force: true });
    });
    removeLeftovers();
  }
  const directory = mkdtempSync(join(parentDirectory(), `${PREFIX}${process.pid}-`));
  open.add(directory);
  return directory;
}

/** Removes a directory of {@link makePrivateDirectory} with all that is in it. */
export function removePrivateDirectory(directory: string): void {
  open.delete(directory);
  rmSync(directory, { recursive: true, force: true });
}

function candidates(): string[] {
  return [process.env.XDG_RUNTIME_DIR, "/dev/shm", tmpdir(), "/tmp"].filter((path) => path !== undefined);
}

function parentDirectory(): string {
  const usable = candidates().find((path) => {
    try {
      accessSync(path, constants.W_OK | constants.X_OK);
      // ssh splits and expands these paths, and a socket's has 104 bytes on some systems.
      return /^[A-Za-z0-9_./-]{1,55}$/.test(path);
    } catch {
      return false;
    }
  });
  return usable ?? "/tmp";
}

/** Removes directories of deployers of this user that were killed. */
function removeLeftovers(): void {
  for (const name of readdirSync(parentDirectory())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const path = join(parentDirectory(), name);
    try {
      if (statSync(path).uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // another deployer was faster
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
