import { expect, test } from "vitest";
import { knownHostsLine, parseHostKey } from "./host-key.js";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

test("a host key is read with its comment and refused when it is none", () => {
  expect(parseHostKey(`${KEY} root@web\n`)).toEqual({
    type: "ssh-ed25519",
    line: KEY,
    fingerprint: "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
  });
  for (const bad of [
    "",
    "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA",
    `${KEY}\nevil ${KEY}`,
    "ssh-ed25519",
    "SHA256:abc",
    `@cert-authority ${KEY}`,
    `@revoked web ${KEY}`,
  ])
    expect(() => parseHostKey(bad)).toThrow("no ssh host key");
});

test("known_hosts pins a key, or an authority with the names that it answers for", () => {
  expect(knownHostsLine(parseHostKey(`${KEY} comment`), "firn-host")).toBe(`firn-host ${KEY}\n`);
  const authority = parseHostKey(`@cert-authority *.example,10.0.0.* ${KEY} comment`);
  expect(authority).toMatchObject({ authorityFor: "*.example,10.0.0.*", type: "ssh-ed25519" });
  expect(knownHostsLine(authority, "firn-host")).toBe(`@cert-authority *.example,10.0.0.* ${KEY}\n`);
});
