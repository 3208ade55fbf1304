import { createHash } from "node:crypto";
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

const IGNORED = new Set([".git", ".firn", "node_modules"]);

/**
 * Fingerprint of a directory that is too big to be read each time: names, sizes and times of its files. What is in
 * the store never changes.
 */
export function fingerprintTree(root: string): string {
  if (root.startsWith("/nix/store/")) return root;
  const hash = createHash("sha256").update(root);
  const visit = (directory: string) => {
    const entries = readdirSync(directory, { withFileTypes: true }).filter(
      (entry) => !IGNORED.has(entry.name),
    );
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        visit(path);
        continue;
      }
      const { size, mtimeMs, ctimeMs, ino } = lstatSync(path);
      hash.update(JSON.stringify([path, size, mtimeMs, ctimeMs, ino]));
    }
  };
  visit(root);
  return hash.digest("hex");
}
