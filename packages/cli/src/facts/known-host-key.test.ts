import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { knownHostKey } from "./known-host-key.js";

const directory = mkdtempSync(join(tmpdir(), "firn-known-"));
const path = process.env.PATH ?? "";
const blob = (name: string) => `AAAAC3NzaC1lZDI1NTE5AAAAI${name.padEnd(43, "A")}`;
const ED25519 = `ssh-ed25519 ${blob("E")}`;
const OTHER = `ssh-ed25519 ${blob("O")}`;

beforeAll(() => {
  const known = join(directory, "known_hosts");
  writeFileSync(
    known,
    `@cert-authority * ${OTHER}\nweb.example ssh-rsa AAAAB3NzaC1yc2E comment\nweb.example ${ED25519}\n[web.example]:2222 ${OTHER}\n`,
  );
  execFileSync("ssh-keygen", ["-H", "-f", known], { stdio: "ignore" });
  writeFileSync(
    join(directory, "config"),
    `Host shop\n  HostName web.example\nHost *\n  UserKnownHostsFile ${known}\n  GlobalKnownHostsFile /dev/null\n`,
  );
  const ssh = execFileSync("sh", ["-c", "command -v ssh"], { encoding: "utf8" }).trim();
  writeFileSync(join(directory, "ssh"), `#!/bin/sh\nexec ${ssh} -F ${directory}/config "$@"\n`, {
    mode: 0o755,
  });
  process.env.PATH = `${directory}:${path}`;
});
afterAll(() => {
  process.env.PATH = path;
  rmSync(directory, { recursive: true });
});

test("an ed25519 key is preferred, hashed names are found, authorities are no keys of a host", async () => {
  expect(await knownHostKey("web.example", undefined)).toBe(ED25519);
  expect(await knownHostKey("other.example", undefined)).toBeUndefined();
});

test("names of the user's ssh configuration and ports count", async () => {
  expect(await knownHostKey("shop", undefined)).toBe(ED25519);
  expect(await knownHostKey("shop", 2222)).toBe(OTHER);
  expect(await knownHostKey("shop", 2022)).toBeUndefined();
});
