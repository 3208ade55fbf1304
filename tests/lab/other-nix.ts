import { execFileSync, spawn } from "node:child_process";
import type { Host } from "@firn/host";

/** Puts Nix and its libraries into a directory of the machine and makes its commands start it, before the own ones on PATH. */
const INSTALL = `
mkdir -p "$1"
tar --extract --directory="$1"
for name in nix nix-store; do
  printf '#!/bin/sh\\nexec %s/ld-linux* --argv0 %s --library-path %s %s/nix "$@"\\n' "$1" $name "$1" "$1" >/usr/local/bin/$name
  chmod +x /usr/local/bin/$name
done`;

/**
 * Gives a machine a Nix that runs on this computer.
 *
 * @param program the path of `nix`
 * @param name of its directory
 */
export async function installNix(host: Host, program: string, name: string): Promise<void> {
  const linked = execFileSync("ldd", [program], { encoding: "utf8" });
  const lines = /^\s+(?:(\/\S+)|\S+ => (\/\S+)).*$/gm;
  const libraries = [...linked.matchAll(lines)].map((match) => match[1] ?? match[2] ?? "");
  const flat = ["--absolute-names", "--dereference", "--transform=s,.*/,,"];
  const tar = spawn("tar", ["--create", ...flat, program, ...libraries], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await host.run(["sh", "-ec", INSTALL, "sh", `/opt/${name}`], { input: tar.stdout });
}
