import { expect, test } from "vitest";
import { filesIn, knownHostsText, masterArguments, sessionArguments } from "./arguments.js";
import { parseHostKey } from "./host-key.js";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const files = filesIn("/dev/shm/firn-ssh-1-abc");

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
  ])
    expect(() => parseHostKey(bad)).toThrow("no ssh host key");
});

test("known_hosts holds the pinned keys and nothing else", () => {
  expect(knownHostsText({ name: "web", address: "::1", port: 22, hostKey: KEY })).toBe(`firn-host ${KEY}\n`);
  const via = { address: "jump", hostKey: `${KEY} comment` };
  expect(knownHostsText({ name: "web", address: "a", hostKey: KEY, via })).toBe(
    `firn-host ${KEY}\nfirn-jump-host ${KEY}\n`,
  );
});

test("ssh accepts the pinned key only, and a session never connects by itself", () => {
  const target = {
    name: "web",
    address: "-oProxyCommand=evil",
    hostKey: KEY,
    identity: "secret text",
    port: 2222,
  };
  const args = masterArguments(target, files, 1500, "true");
  expect(args).toContain("StrictHostKeyChecking=yes");
  expect(args).toContain("UserKnownHostsFile=/dev/shm/firn-ssh-1-abc/known_hosts");
  expect(args).toContain("GlobalKnownHostsFile=/dev/null");
  expect(args).toContain("HostKeyAlgorithms=ssh-ed25519");
  expect(args).toContain("ConnectTimeout=2");
  expect(args.join(" ")).not.toContain("secret");
  expect(args.slice(-3)).toEqual(["--", "-oProxyCommand=evil", "true"]);
  expect(args.slice(0, 2)).toEqual(["-F", "none"]);
  expect(sessionArguments(files, "true")).toContain("ProxyCommand=exit 1");
});

test("without an identity the user's ssh configuration decides on user and port", () => {
  const args = masterArguments({ name: "web", address: "web.example", hostKey: KEY }, files, 1000, "true");
  expect(args).not.toContain("-F");
  expect(args).not.toContain("-l");
  expect(args).not.toContain("-p");
});

test("a jump host is pinned too", () => {
  const via = { address: "jump.example", user: "hop %h", hostKey: KEY, identity: "x" };
  const args = masterArguments({ name: "web", address: "10.0.0.1", hostKey: KEY, via }, files, 1000, "true");
  const proxy = args.find((argument) => argument.startsWith("ProxyCommand="));
  expect(proxy).toContain("'HostKeyAlias=firn-jump-host'");
  expect(proxy).toContain("'StrictHostKeyChecking=yes'");
  expect(proxy).toContain("-l 'hop %%h'");
  expect(proxy).toContain("-W '[10.0.0.1]:22' -- jump.example");
});
