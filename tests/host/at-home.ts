import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { SshTarget } from "@firn/host";

const run = promisify(execFile);

/** Connects, says who it is there and from where it came, and ends. */
const VISIT = `import { connect } from "@firn/host";
const host = await connect(JSON.parse(process.env.TARGET), { connectTimeoutMs: 4000 });
const { stdout } = await host.run(["sh", "-c", "id -un; echo \${SSH_CONNECTION%% *}"]);
await host.close();
process.stdout.write(stdout);`;

/** A home directory of this user, for ssh as well, which asks the account and not the environment where that is. */
export interface Home {
  readonly directory: string;
  /** Writes a file of the home that only its owner may read. */
  write(file: string, text: string): void;
  /** Content and time of a file, to see that nobody touched it. */
  look(file: string): string;
  /** Connects to a machine from a process whose home this is: `[user there, address that it came from]`. */
  visit(target: SshTarget, env?: Record<string, string>): Promise<string[]>;
  remove(): void;
}

/** Makes a home; the caller removes it. */
export function makeHome(): Home {
  const directory = mkdtempSync(join(tmpdir(), "firn-home-"));
  const passwd = join(directory, "passwd");
  const accounts = readFileSync("/etc/passwd", "utf8").replace(
    /^(root:[^:]*:0:0:[^:]*):[^:]*:/m,
    `$1:${directory}:`,
  );
  writeFileSync(passwd, accounts, { mode: 0o644 });
  const path = (file: string) => join(directory, file);
  return {
    directory,
    write(file, text) {
      mkdirSync(dirname(path(file)), { recursive: true, mode: 0o700 });
      writeFileSync(path(file), text, { mode: 0o600 });
    },
    look: (file) => `${statSync(path(file)).mtimeMs} ${readFileSync(path(file), "utf8")}`,
    async visit(target, env = {}) {
      const enter = 'mount --bind "$1" /etc/passwd && shift && exec "$@"';
      const node = [process.execPath, "--input-type=module", "--eval", VISIT];
      const { SSH_AUTH_SOCK: _, ...inherited } = process.env;
      const { stdout } = await run("unshare", ["--mount", "sh", "-c", enter, "sh", passwd, ...node], {
        env: { ...inherited, HOME: directory, TARGET: JSON.stringify(target), ...env },
        cwd: import.meta.dirname,
      });
      return stdout.trimEnd().split("\n");
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}
