import { spawn } from "node:child_process";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { LocalStore } from "../closure/local-store.js";
import { lastLines } from "../errors.js";
import type { Host } from "../host.js";
import { localEnvironment, localHost } from "../local.js";
import { readScript } from "../scripts.js";
import { InstallError } from "./install-error.js";

/**
 * Gives a machine that has no Nix the one that belongs to a system. Nothing is downloaded there: the files come over the
 * connection, and that very Nix registers them. A machine that has Nix is left alone.
 *
 * @param toplevel a system of this computer's store
 * @param onProgress called with the bytes that were sent, before they were packed
 * @throws {@link InstallError} when the system has no Nix; what {@link Host.run} throws
 */
export async function installNix(
  host: Host,
  toplevel: string,
  onProgress: (bytes: number) => void = () => {},
): Promise<void> {
  const { exitCode } = await host.run(["sh", "-c", "command -v nix-store"], { check: false });
  if (exitCode === 0) return;
  const nix = await nixOf(host, toplevel);
  const closure = await LocalStore.use(async (store) => (await store.closure([nix])).map(({ path }) => path));
  const step = (...args: string[]) => ["sh", "-c", readScript("install-nix.sh"), "sh", ...args];
  const { stdout } = await host.run(step("list"), { privileged: true, title: "looking into /nix/store" });
  const there = new Set(stdout.split("\n"));
  const missing = closure.filter((path) => !there.has(basename(path)));
  if (missing.length > 0) await send(host, missing, step("receive"), onProgress);
  const registration = await localHost().run(["nix-store", "--dump-db", ...closure]);
  await host.run(step("register", nix), {
    input: registration.stdout,
    privileged: true,
    title: "registering the store paths of Nix",
  });
}

/** Store path of the Nix that a system has. */
async function nixOf(host: Host, toplevel: string): Promise<string> {
  const program = await realpath(join(toplevel, "sw/bin/nix-store")).catch(() => {
    throw new InstallError(
      `${host.name} has no Nix, and its system has none that could be installed: set nix.enable to true, and build it on this computer (buildOn: "local").`,
      host.name,
    );
  });
  return dirname(dirname(program));
}

async function send(
  host: Host,
  paths: readonly string[],
  command: readonly string[],
  onProgress: (bytes: number) => void,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "firn-install-"));
  try {
    await writeFile(join(directory, "complete"), "");
    const names = paths.map((path) => basename(path));
    const store = dirname(paths[0] ?? "/nix/store/x");
    const tar = spawn("tar", ["-cf", "-", "-C", store, ...names, "-C", directory, "complete"], {
      env: localEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    tar.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
    let bytes = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        onProgress(bytes);
        done(null, chunk);
      },
    });
    const packed = createGzip({ level: 1 });
    const ended = new Promise<number | null>((resolve, reject) => {
      tar.once("error", reject);
      tar.once("close", resolve);
    });
    const reading = pipeline(tar.stdout, counted, packed).catch(() => {});
    await host.run(command, { input: packed, privileged: true, title: "receiving Nix" });
    await reading;
    if ((await ended) !== 0)
      throw new InstallError(`Nix could not be packed on this computer:${lastLines(said, 5)}`, host.name);
  } finally {
    await rm(directory, { recursive: true });
  }
}
