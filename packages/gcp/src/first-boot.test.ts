import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cloudConfig } from "@firn/nixos/cloud";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";

/** Script of the image's first boot, which asks the metadata service for what the target gives the instance. */
const SCRIPT = fileURLToPath(new URL("../nix/first-boot.sh", import.meta.url));
const USER_DATA = "/computeMetadata/v1/instance/attributes/user-data";

const root = mkdtempSync(join(tmpdir(), "firn-first-boot-"));
const server = createServer((request, response) => {
  // The real one answers nobody without this header (cloud.google.com/compute/docs/metadata/querying-metadata).
  const isAsked = request.url === USER_DATA && request.headers["metadata-flavor"] === "Google";
  response.writeHead(isAsked ? 200 : 403).end(isAsked ? userData : "");
});
let userData: string;

beforeAll(async () => {
  const hostKey = {
    privateKey: pulumi.output("-----BEGIN\nkey\n"),
    publicKey: pulumi.output("ssh-ed25519 HOST"),
  };
  const text = cloudConfig(hostKey, pulumi.output("ssh-ed25519 DEPLOY"));
  userData = await new Promise<string>((resolve) => void text.apply(resolve));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true });
});

test("an image takes host key and root's key from the metadata service, for root's eyes only", async () => {
  const { port } = server.address() as AddressInfo;
  const env = { ...process.env, FIRN_ROOT: root, FIRN_METADATA: `http://127.0.0.1:${port}` };
  await promisify(execFile)("sh", [SCRIPT], { env });
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  expect(read("etc/ssh/ssh_host_ed25519_key")).toBe("-----BEGIN\nkey\n");
  expect(read("etc/ssh/ssh_host_ed25519_key.pub")).toBe("ssh-ed25519 HOST\n");
  expect(read("root/.ssh/authorized_keys")).toBe("ssh-ed25519 DEPLOY\n");
  const mode = (path: string) => statSync(join(root, path)).mode & 0o777;
  expect([mode("etc/ssh/ssh_host_ed25519_key"), mode("root/.ssh")]).toEqual([0o600, 0o700]);
  expect(read("var/lib/firn/first-boot")).toBe("");
});

test("the image is nixpkgs' own, in which the script comes before sshd", async () => {
  const image = fileURLToPath(new URL("../nix/image.nix", import.meta.url));
  const module = `import ${image} { modulesPath = "/nixpkgs/nixos/modules"; pkgs = { curl = "curl"; jq = "jq"; }; }`;
  const { stdout } = await promisify(execFile)("nix-instantiate", [
    "--eval",
    "--strict",
    "--json",
    "-E",
    module,
  ]);
  const { imports, systemd } = JSON.parse(stdout);
  expect(imports).toEqual(["/nixpkgs/nixos/modules/virtualisation/google-compute-image.nix"]);
  expect(systemd.services["firn-first-boot"]).toMatchObject({
    requiredBy: ["sshd.service"],
    before: ["sshd.service", "sshd-keygen.service"],
    script: readFileSync(SCRIPT, "utf8"),
  });
});
