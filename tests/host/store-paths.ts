import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MINIATURE = fileURLToPath(new URL("../mini-nixos", import.meta.url));

/** A store path that refers to `count - 1` new ones, which know nothing of each other. */
export function fan(count: number): string {
  const seed = randomBytes(6).toString("hex");
  const leaves = `builtins.genList (n: builtins.toFile "firn-\${toString n}" "${seed} \${toString n}") ${count - 1}`;
  return evaluate(`builtins.toFile "firn-top" (builtins.concatStringsSep "\n" (${leaves}))`);
}

/** A store path at the end of a chain of `count` new ones, each of which refers to the one before. */
export function chain(count: number, onto?: string): string {
  const seed = randomBytes(6).toString("hex");
  const start = onto === undefined ? '""' : `(builtins.storePath "${onto}")`;
  const expression = `builtins.foldl' (last: n: builtins.toFile "firn-\${toString n}" "${seed} \${last}") ${start} (builtins.genList (n: n) ${count})`;
  return evaluate(expression);
}

/** A new store path with one file of random bytes. */
export function blob(bytes: number): string {
  const directory = mkdtempSync(join(tmpdir(), "firn-blob-"));
  try {
    const file = join(directory, "firn-blob");
    writeFileSync(file, randomBytes(bytes));
    return execFileSync("nix-store", ["--add", file], { encoding: "utf8" }).trim();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A new derivation of the miniature NixOS, whose output of so many bytes nothing but its build tells. */
export function derivation(bytes: number, system = "x86_64-linux"): { drvPath: string; outPath: string } {
  const seed = randomBytes(6).toString("hex");
  const expression = `let
    drv = (import ${MINIATURE} { system = "${system}"; }).runCommand "firn-built" { }
      "head -c ${bytes} /dev/zero | tr '\\\\0' x > $out; echo ${seed} >> $out";
  in [ drv.drvPath drv.outPath ]`;
  const [drvPath, outPath] = evaluate(expression);
  return { drvPath, outPath };
}

/** A new store path that was built, so that only a signature tells where it comes from. */
export function built(bytes: number): string {
  const { drvPath, outPath } = derivation(bytes);
  execFileSync("nix-store", ["--realise", drvPath], { stdio: "ignore" });
  return outPath;
}

function evaluate(expression: string) {
  const args = ["--eval", "--strict", "--json", "--read-write-mode", "--expr", expression];
  return JSON.parse(execFileSync("nix-instantiate", args, { encoding: "utf8", maxBuffer: 64 << 20 }));
}
