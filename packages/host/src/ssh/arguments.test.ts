import { expect, test } from "vitest";
import { masterArguments, sessionArguments } from "./arguments.js";
import { filesIn } from "./files.js";
import type { SshTarget } from "./target.js";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const files = filesIn("/dev/shm/firn-ssh-1-abc", 3);
const args = (target: SshTarget, timeoutMs = 1000) => masterArguments(target, files, timeoutMs, "true");
const proxyOf = (target: SshTarget) => args(target).find((each) => each.startsWith("ProxyCommand=")) ?? "";

test("ssh accepts the pinned key only, and a session never connects by itself", () => {
  const target = { name: "web", address: "web", hostKey: KEY, identity: "secret text", port: 2222 };
  const master = args(target, 1500);
  expect(master).toContain("StrictHostKeyChecking=yes");
  expect(master).toContain("UserKnownHostsFile=/dev/shm/firn-ssh-1-abc/known_hosts");
  expect(master).toContain("GlobalKnownHostsFile=/dev/null");
  expect(master).toContain("HostKeyAlgorithms=ssh-ed25519");
  expect(master).toContain("ConnectTimeout=2");
  expect(master.join(" ")).not.toContain("secret");
  expect(master.slice(-3)).toEqual(["--", "web", "true"]);
  expect(master.slice(0, 2)).toEqual(["-F", "none"]);
  expect(sessionArguments(files, "true")).toContain("ProxyCommand=exit 1");
});

test("without an identity the user's ssh configuration decides on user and port", () => {
  const plain = args({ name: "web", address: "web.example", hostKey: KEY });
  expect(plain.slice(0, 2)).toEqual(["-F", "/dev/shm/firn-ssh-1-abc/config"]);
  expect(plain).not.toContain("-l");
  expect(plain).not.toContain("-p");
  const named = args({ name: "web", address: "web.example", hostKey: KEY, user: "admin" });
  expect(named).not.toContain("-F");
  expect(named).toContain("admin");
});

test("addresses of version 6 may have brackets and scopes; what is no address is refused", () => {
  for (const address of ["fd00::7", "[fd00::7]", "fe80::1%eth0"])
    expect(args({ name: "web", address, hostKey: KEY, identity: "x" }).at(-2)).toBe(
      address.replace(/[[\]]/g, ""),
    );
  for (const address of ["-oProxyCommand=evil", "a b", "$(id)", "a'b", ""])
    expect(() => args({ name: "web", address, hostKey: KEY })).toThrow(
      "neither an IP address nor a host name",
    );
  const via = { address: "fe80::1%eth0", hostKey: KEY, identity: "x" };
  const proxy = proxyOf({ name: "web", address: "[fd00::7]", hostKey: KEY, identity: "x", via });
  expect(proxy).toContain("-W '[fd00::7]:22' -- 'fe80::1%%eth0'");
});

test("a jump host is pinned too, and may have one of its own", () => {
  const far = { address: "far.example", hostKey: KEY, identity: "y" };
  const via = { address: "jump.example", user: "hop %h", hostKey: KEY, identity: "x", via: far };
  const target = { name: "web", address: "10.0.0.1", hostKey: KEY, identity: "z", via };
  const proxy = proxyOf(target);
  expect(proxy).toContain("UserKnownHostsFile=/dev/shm/firn-ssh-1-abc/known_hosts-1");
  expect(proxy).toContain("'StrictHostKeyChecking=yes'");
  expect(proxy).toContain("-l 'hop %%h'");
  expect(proxy).toMatch(/-W '\[10\.0\.0\.1\]:22' -- jump\.example 2>\/dev\/shm\/firn-ssh-1-abc\/log-1$/);
  expect(proxy).toContain("known_hosts-2");
  expect(args(target)).toContain("ConnectTimeout=3");
  // Where the user's configuration applies to the machine, it may name another address and port.
  expect(proxyOf({ ...target, identity: undefined } as never)).toContain("-W '[%h]:%p' -- jump.example");
});

test("an authority is looked up by the name that certificates must carry", () => {
  const target = { name: "web", address: "10.0.0.1", identity: "x" };
  const one = args({ ...target, hostKey: `@cert-authority web.example ${KEY}` });
  expect(one).toContain("HostKeyAlias=web.example");
  expect(one.find((each) => each.startsWith("HostKeyAlgorithms="))).not.toMatch(/ssh-ed25519(,|$)/);
  expect(args({ ...target, hostKey: `@cert-authority *.example,10.* ${KEY}` })).toContain(
    "HostKeyAlias=10.0.0.1",
  );
});
