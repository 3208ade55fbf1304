import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { cloudConfig } from "./user-data.js";

test("user data is a secret that brings the host key and leaves root's account open", async () => {
  const output = cloudConfig({
    publicKey: pulumi.output("ssh-ed25519 AAAA"),
    privateKey: pulumi.output("-----BEGIN\nkey\n"),
  });
  expect(await pulumi.isSecret(output)).toBe(true);
  const text = await new Promise<string>((resolve) => void output.apply(resolve));
  expect(text).toMatchInlineSnapshot(`
    "#cloud-config
    {"disable_root":false,"ssh_keys":{"ed25519_private":"-----BEGIN\\nkey\\n","ed25519_public":"ssh-ed25519 AAAA"}}
    "
  `);
});

test("for clouds that give root no key, user data does", async () => {
  const hostKey = { publicKey: pulumi.output("ssh-ed25519 AAAA"), privateKey: pulumi.output("key") };
  const text = await new Promise<string>(
    (resolve) => void cloudConfig(hostKey, pulumi.output("ssh-ed25519 DEPLOY")).apply(resolve),
  );
  expect(text).toContain('"ssh_authorized_keys":["ssh-ed25519 DEPLOY"]');
});
