import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Evaluates Nix text with the real Nix, without a store, and returns the JSON that it prints.
 *
 * @param files further files beside the text, by name; the text itself is `default.nix` there
 * @throws an error with Nix' standard error
 */
export function evaluate(text: string, files: Readonly<Record<string, string>> = {}): unknown {
  const directory = mkdtempSync(join(tmpdir(), "firn-evaluate-"));
  try {
    for (const [name, content] of Object.entries({ ...files, "default.nix": text }))
      writeFileSync(join(directory, name), content);
    const args = ["--store", "dummy://", "--eval", "--strict", "--json", join(directory, "default.nix")];
    const { status, stdout, stderr, error } = spawnSync("nix-instantiate", args, {
      encoding: "utf8",
      maxBuffer: 2 ** 30,
    });
    if (error) throw error;
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
