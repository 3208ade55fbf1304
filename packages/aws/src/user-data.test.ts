import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nixosUserData } from "./user-data.js";

const PRIVATE =
  "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\nZXk=\n-----END OPENSSH PRIVATE KEY-----\n";
const output = nixosUserData({
  publicKey: pulumi.output("ssh-ed25519 AAAA"),
  privateKey: pulumi.output(PRIVATE),
});
let directory: string;
let file: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "firn-user-data-"));
  file = join(directory, "user-data");
  writeFileSync(file, await new Promise<string>((resolve) => void output.apply(resolve)));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("user data is a secret", async () => {
  expect(await pulumi.isSecret(output)).toBe(true);
});

test("NixOS' image finds the host key in it", () => {
  // How nixpkgs' virtualisation/ec2-data.nix takes them out.
  const sed = (script: string) => execFileSync("sed", [script, file], { encoding: "utf8" });
  expect(sed("s/|/\\n/g; s/SSH_HOST_ED25519_KEY://; t; d")).toBe(PRIVATE);
  expect(sed("s/SSH_HOST_ED25519_KEY_PUB://; t; d")).toBe("ssh-ed25519 AAAA\n");
});

test("NixOS' image does not take it for a configuration", () => {
  // What nixpkgs' virtualisation/amazon-init.nix leaves out before it looks for one.
  expect(execFileSync("sed", ["/^\\(#\\|SSH_HOST_.*\\)/d", file], { encoding: "utf8" })).toBe("");
});
