import { randomBytes } from "node:crypto";
import { connect, type Host, inspectKeys, type Key, placeKeys, settleKeys } from "@firn/host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machine, type TestMachine } from "./machine.js";

let box: TestMachine;
let host: Host;

const key = (name: string, value: string | Uint8Array, more: Partial<Key> = {}): Key => ({
  name,
  path: `/run/keys/${name}`,
  user: "root",
  group: "root",
  permissions: "0400",
  value: Buffer.from(value),
  ...more,
});

/** A service that keeps what its key was when it started. */
const reader = (unit: string, path: string, more = "") => `cat >/run/systemd/system/${unit}.service <<'UNIT'
[Service]
ExecStartPre=sh -c 'cat ${path} >>/run/${unit}.log; echo >>/run/${unit}.log'
ExecStart=sleep infinity
${more}
UNIT
systemctl daemon-reload; systemctl start ${unit}`;

const log = async (unit: string) => (await box.inside(`cat /run/${unit}.log`)).trim().split("\n");
const stat = (path: string) => box.inside(`stat -c '%U:%G %a' ${path}`).then((text) => text.trim());

/** The machine, with something between it and who runs commands on it. */
const seenBy = (run: Host["run"]): Host => ({
  name: host.name,
  address: host.address,
  dial: (...to) => host.dial(...to),
  close: () => host.close(),
  run,
});

beforeAll(async () => {
  box = await machine("keys");
  await box.inside("groupadd -g 96 keys");
  host = await connect(box.target, { waitMs: 20_000 });
});

afterAll(async () => {
  await host?.close();
  await box?.remove();
});

test("keys of every kind arrive byte for byte, with owner and mode, in memory and on disk", async () => {
  const binary = Buffer.concat([Buffer.from([0, 10, 255, 13]), randomBytes(5000)]);
  const keys = [
    key("binary", binary),
    key("with a newline".replaceAll(" ", "-"), "one\ntwo\n", { permissions: "0440", group: "nogroup" }),
    key("disk", "lasting", { path: "/var/lib/keys/disk", user: "nobody", group: "65534" }),
    key("elsewhere", "tls", { path: "/etc/a directory/tls.key", user: "65534" }),
    key("own-memory", "x", { path: "/run/service/own" }),
  ];
  const commands: string[] = [];
  const counted = seenBy((argv, options) => {
    commands.push(argv.at(-1) ?? "");
    return host.run(argv, options);
  });
  expect(await placeKeys(counted, keys)).toEqual({ sent: keys.map((each) => each.name), unsettled: true });
  await settleKeys(counted, keys);
  expect(commands).toEqual(["inspect", "place", "settle"]);

  expect(await box.inside("base64 -w0 /run/keys/binary")).toBe(binary.toString("base64"));
  expect(await box.inside("cat /run/keys/with-a-newline")).toBe("one\ntwo\n");
  expect(await stat("/run/keys/binary")).toBe("root:root 400");
  expect(await stat("/run/keys/with-a-newline")).toBe("root:nogroup 440");
  expect(await stat("/var/lib/keys/disk")).toBe("nobody:nogroup 400");
  expect(await stat("'/etc/a directory/tls.key'")).toBe("nobody:root 400");
  expect(await stat("/run/keys")).toBe("root:keys 750");
  expect(await stat("/var/lib/keys")).toBe("root:keys 750");
  // Never swapped out, and NixOS will not mount over it.
  expect(await box.inside("findmnt -no FSTYPE /run/keys")).toBe("ramfs\n");
  expect(await box.inside("find / -xdev -name '.firn-*'; find /run -name '.firn-*'")).toBe("");

  expect(await placeKeys(host, keys)).toEqual({ sent: [], unsettled: false });
});

test("only what changed is sent: a value, an owner, a mode, or a file that somebody touched", async () => {
  const keys = [key("a", "1"), key("b", "2"), key("c", "3"), key("d", "4"), key("e", "5")];
  await placeKeys(host, keys);
  await box.inside("cd /run/keys; echo forged >c; rm d; ln -s /etc/passwd d; chmod 644 e");
  const changed = [key("a", "1"), key("b", "two"), key("c", "3"), key("d", "4"), key("e", "5")];
  expect((await placeKeys(host, changed)).sent).toEqual(["b", "c", "d", "e"]);
  expect(await box.inside("cd /run/keys; cat a b c d e; stat -c %F d; stat -c %a e")).toBe(
    "1two345regular file\n400\n",
  );
  expect(await box.inside("grep -c root: /etc/passwd")).toBe("1\n");
});

test("a key belongs to root until its user is made", async () => {
  const keys = [key("early", "x", { user: "late", group: "late" })];
  await placeKeys(host, keys);
  expect(await stat("/run/keys/early")).toBe("root:root 400");
  const error = await settleKeys(host, keys).catch((e) => e);
  expect(error.message).toContain("invalid user: 'late:late'\n  The machine has no such user or group");
  await box.inside("useradd --system --user-group late");
  await settleKeys(host, keys);
  expect(await stat("/run/keys/early")).toBe("late:late 400");
  expect(await placeKeys(host, keys)).toEqual({ sent: [], unsettled: false });
});

test("keys that are declared no more are removed when all is settled, others' files never", async () => {
  await placeKeys(host, [
    key("keep", "1"),
    key("drop", "2"),
    key("gone", "3", { path: "/var/lib/keys/gone" }),
  ]);
  await box.inside("echo by hand >/run/keys/by-hand");
  const placed = await placeKeys(host, [key("keep", "1")]);
  expect(placed).toEqual({ sent: [], unsettled: true });
  expect(await box.inside("cat /run/keys/drop")).toBe("2");
  const { removed } = await settleKeys(host, [key("keep", "1")]);
  expect(removed).toEqual(expect.arrayContaining(["/run/keys/drop", "/var/lib/keys/gone"]));
  expect((await box.inside("ls /run/keys")).split("\n")).toEqual(["by-hand", "keep", ""]);
  await settleKeys(host, []);
  expect(await box.inside("ls -A /run/keys; ls /var/lib/firn")).toBe("by-hand\n");
});

test("units restart once when their keys changed, all in one go, and only if they run", async () => {
  const keys = (value: string) => [
    key("one", value, { restart: ["first.service", "second.service"] }),
    key("two", value, { restart: ["first.service"], reload: ["third.service"] }),
    key("still", "same", { restart: ["idle.service"] }),
  ];
  await placeKeys(host, keys("old"));
  for (const unit of ["first", "second"]) await box.inside(reader(unit, "/run/keys/one"));
  await box.inside(reader("third", "/run/keys/two", "ExecReload=sh -c 'echo reloaded >>/run/third.log'"));
  await box.inside(`${reader("stopped", "/run/keys/one")}; systemctl stop stopped`);
  await settleKeys(host, keys("old"));
  expect(await log("first")).toEqual(["old"]);

  await placeKeys(host, [...keys("new"), key("other", "new", { restart: ["stopped.service"] })]);
  const settled = await settleKeys(host, keys("new"));
  expect(settled.restarted).toEqual(["first.service", "second.service"]);
  expect(settled.reloaded).toEqual(["third.service"]);
  expect(await log("first")).toEqual(["old", "new"]);
  expect(await log("second")).toEqual(["old", "new"]);
  expect(await log("third")).toEqual(["old", "reloaded"]);
  expect(await log("stopped")).toEqual(["old"]);
  expect(await settleKeys(host, keys("new"))).toMatchObject({ restarted: [], reloaded: [] });
});

test("a unit that was started after its key changed is not restarted, one that was not is, also by a later run", async () => {
  const keys = (value: string) => [key("one", value, { restart: ["first.service", "second.service"] })];
  await placeKeys(host, keys("third"));
  await box.inside("systemctl restart first"); // as an activation does
  // This run was killed before it settled; the next one has no key to send.
  expect(await placeKeys(host, keys("third"))).toEqual({ sent: [], unsettled: true });
  expect((await settleKeys(host, keys("third"))).restarted).toEqual(["second.service"]);
  expect((await log("first")).at(-1)).toBe("third");
  expect((await log("second")).at(-1)).toBe("third");
});

test("a unit that does not start with its key is told with its last words, and tried again", async () => {
  const keys = (value: string) => [key("picky", value, { restart: ["picky.service"] })];
  await placeKeys(host, keys("good"));
  await box.inside(
    reader(
      "picky",
      "/run/keys/picky",
      "ExecStartPre=sh -c 'grep -q good /run/keys/picky || { echo no good; exit 3; }'",
    ),
  );
  await placeKeys(host, keys("bad"));
  const error = await settleKeys(host, keys("bad")).catch((e) => e);
  expect(error).toMatchObject({ name: "CommandError", machine: "keys" });
  expect(error.message).toContain("picky.service does not start with them");
  expect(error.message).toContain("no good");
  await placeKeys(host, keys("good again"));
  expect((await settleKeys(host, keys("good again"))).restarted).toEqual(["picky.service"]);
  expect(await box.inside("systemctl is-active picky")).toBe("active\n");
});

test("a stream that is cut leaves every key as it was, and nothing behind", async () => {
  await placeKeys(host, [key("whole", "old")]);
  const cut = seenBy((argv, options = {}) => {
    const input = argv.at(-1) === "place" ? (options.input as Buffer).subarray(0, -1536) : options.input;
    return host.run(argv, { ...options, input });
  });
  const error = await placeKeys(cut, [key("whole", "new"), key("more", "x".repeat(9000))]).catch((e) => e);
  expect(error.message).toContain(
    "sending 2 keys exited with 1 on keys:\n    the stream of keys ended early",
  );
  expect(error.message).not.toContain("xxx");
  expect(await box.inside("cat /run/keys/whole; ls -A /run/keys | grep -e more -e firn || :")).toBe("old");
});

test("through sudo, for who is not root", async () => {
  await box.inside(`useradd --create-home --shell /bin/sh --password '*' deployer
install -d -m 700 -o deployer ~deployer/.ssh
install -m 600 -o deployer /root/.ssh/authorized_keys ~deployer/.ssh/
echo 'deployer ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/deployer`);
  const other = await connect({ ...box.target, user: "deployer", privilege: { method: "sudo" } });
  try {
    const keys = [key("by-sudo", "value", { user: "nobody" })];
    expect((await placeKeys(other, keys)).sent).toEqual(["by-sudo"]);
    await settleKeys(other, keys);
    expect(await stat("/run/keys/by-sudo")).toBe("nobody:root 400");
  } finally {
    await other.close();
  }
});

test("1,000 keys, found again by their paths", async () => {
  const keys = Array.from({ length: 1000 }, (_, n) => key(`many-${n}`, randomBytes(40)));
  const start = performance.now();
  expect((await placeKeys(host, keys)).sent).toHaveLength(1000);
  await settleKeys(host, keys);
  expect(performance.now() - start).toBeLessThan(10_000);
  const found = await inspectKeys(
    host,
    keys.map((each) => each.path),
  );
  expect(found.files.size).toBe(1000);
  expect((await settleKeys(host, [])).removed).toHaveLength(1000);
});
