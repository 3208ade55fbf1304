import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A fresh key pair of nobody. */
export function keyPair(type: "ed25519" | "ecdsa" = "ed25519"): {
  privateKey: string;
  publicKey: string;
  fingerprint: string;
} {
  const directory = mkdtempSync(join(tmpdir(), "firn-key-"));
  try {
    const file = join(directory, "key");
    execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "", "-f", file]);
    const listed = execFileSync("ssh-keygen", ["-lf", file], { encoding: "utf8" });
    return {
      privateKey: readFileSync(file, "utf8"),
      publicKey: readFileSync(`${file}.pub`, "utf8"),
      fingerprint: listed.split(" ")[1] ?? "",
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
