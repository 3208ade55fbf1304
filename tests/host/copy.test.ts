import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, copyClosure, type Host, localHost, repairClosure } from "@firn/host";
import { afterAll, beforeAll, expect, test } from "vitest";
import { machine, type TestMachine } from "./machine.js";
import { CUT_SESSIONS } from "./open-sessions.js";
import { blob, chain } from "./store-paths.js";

let box: TestMachine;
let host: Host;

beforeAll(async () => {
  box = await machine("h2");
  host = await connect(box.target, { waitMs: 20_000 });
});

afterAll(async () => {
  await host.close();
  await box.remove();
});

const NOTHING = { paths: 0, bytes: 0, fetched: 0, repaired: [], refused: "" };
const isValid = (path: string) =>
  host.run(["nix-store", "--check-validity", path], { check: false }).then(({ exitCode }) => exitCode === 0);

test("what the machine lacks arrives whole, in one command; what it has is not sent again", async () => {
  const path = chain(300);
  const commands: string[] = [];
  const counted: Host = {
    ...host,
    name: host.name,
    address: host.address,
    close: () => host.close(),
    run: (argv, options) => {
      commands.push(argv[0] ?? "");
      return host.run(argv, options);
    },
  };
  const phases: unknown[] = [];
  const sent = await copyClosure(counted, [path], { onProgress: (progress) => phases.push(progress) });
  expect(sent.paths).toBe(300);
  expect(sent.bytes).toBeGreaterThan(300 * 100);
  expect(phases[0]).toEqual({ phase: "query", paths: 300 });
  expect(phases.at(-1)).toEqual({ phase: "send", paths: 300, bytes: sent.bytes, totalBytes: sent.bytes });
  expect(commands).toEqual(["sh"]);
  await host.run(["nix-store", "--verify-path", path]);
  expect(await copyClosure(host, [path])).toEqual(NOTHING);
  expect(await copyClosure(host, [chain(2, path), path])).toMatchObject({
    paths: 2,
  });
});

test("a full disk is told as such, and the machine's store stays sound", async () => {
  const big = blob(40_000_000);
  await box.inside("mount -t tmpfs -o size=24m full /nix && mkdir -p /nix/store /nix/var/nix");
  try {
    const error = await copyClosure(host, [big]).catch((e) => e);
    expect(error).toMatchObject({ name: "DiskFullError", machine: "h2" });
    expect(error.message).toContain("No space left on device");
    expect(error.message).toContain("nix-collect-garbage");
    expect(await isValid(big)).toBe(false);
    expect(await box.inside(`ls -d ${big} 2>/dev/null || echo gone`)).toBe("gone\n");
    await host.run(["nix-store", "--verify", "--check-contents"]);
  } finally {
    await box.inside("umount /nix");
  }
  await copyClosure(host, [big]);
  expect(await isValid(big)).toBe(true);
});

test("a path that this computer's store lacks or has spoilt is this computer's fault", async () => {
  const none = "/nix/store/00000000000000000000000000000000-none";
  await expect(copyClosure(host, [none])).rejects.toThrow(
    /^the Nix store of this computer failed:.*-none' is not valid/s,
  );
  const spoilt = blob(100_000);
  const { mode } = statSync(spoilt);
  chmodSync(spoilt, 0o644);
  truncateSync(spoilt, 50_000);
  chmodSync(spoilt, mode);
  try {
    const error = await copyClosure(host, [spoilt]).catch((e) => e);
    expect(error.message).toContain("what was to be sent is damaged in the Nix store of this computer");
    expect(error.message).toContain(`path '${spoilt}' was modified`);
    expect(error.message).toContain("nix-store --repair-path");
    expect(await isValid(spoilt)).toBe(false);
  } finally {
    execFileSync("nix-store", ["--delete", spoilt], { stdio: "ignore" });
  }
});

test("a connection lost on the way leaves what came whole and no half path, and the next run sends the rest", async () => {
  const paths = [blob(20_000_000), blob(20_000_000), blob(20_000_000)];
  const doomed = await connect(box.target);
  let cut: Promise<unknown> | undefined;
  const error = await copyClosure(doomed, paths, {
    onProgress: ({ bytes = 0 }) => {
      if (bytes > 45_000_000) cut ??= box.inside(CUT_SESSIONS);
    },
  }).catch((e) => e);
  await cut;
  expect(error).toMatchObject({ name: "UnreachableError", machine: "h2" });
  await doomed.close();
  await host.close();
  host = await connect(box.target);
  const arrived = (await Promise.all(paths.map(isValid))).filter((valid) => valid).length;
  expect(arrived).toBeGreaterThanOrEqual(1);
  expect(arrived).toBeLessThan(3);
  expect(await copyClosure(host, paths)).toMatchObject({ paths: 3 - arrived });
  await host.run(["nix-store", "--verify-path", ...paths]);
});

test("signatures, content addresses and references arrive", async () => {
  const path = chain(2);
  const keys = mkdtempSync(join(tmpdir(), "firn-sign-"));
  try {
    execFileSync("nix-store", ["--generate-binary-cache-key", "test-1", join(keys, "s"), join(keys, "p")]);
    execFileSync("nix", ["store", "sign", "--key-file", join(keys, "s"), path]);
  } finally {
    rmSync(keys, { recursive: true });
  }
  await copyClosure(host, [path]);
  const info = ["path-info", "--extra-experimental-features", "nix-command", "--sigs", path];
  const { stdout } = await host.run(["nix", ...info]);
  expect(stdout).toContain("test-1:");
  expect(stdout).toContain("ca:text");
  expect(stdout).toBe(execFileSync("nix", info, { encoding: "utf8" }));
  const references = ["nix-store", "--query", "--references", path] as const;
  expect((await host.run(references)).stdout).toBe((await localHost().run(references)).stdout);
});

test("what vanished on the machine is put back by the next copy, what was altered by a repair", async () => {
  const base = blob(100_000);
  const path = chain(2, base);
  await copyClosure(host, [path]);
  await box.inside(`rm ${base}`);
  expect(await copyClosure(host, [path])).toMatchObject({ paths: 0, repaired: [base] });
  await host.run(["nix-store", "--verify-path", base]);

  await box.inside(`chmod u+w ${base} && truncate -s 50000 ${base} && rm ${path}`);
  expect((await repairClosure(host, [path])).repaired.toSorted()).toEqual([base, path].toSorted());
  await host.run(["nix-store", "--verify-path", base, path]);
  expect(await repairClosure(host, [path])).toEqual({ missing: 0, repaired: [] });
});

test("a network that goes away while copying ends the copy and the connection", async () => {
  const path = blob(60_000_000);
  const doomed = await connect(box.target);
  let cut: Promise<void> | undefined;
  const onProgress = ({ phase }: { phase: string }) => {
    if (phase === "send") cut ??= box.linkDown();
  };
  try {
    const error = await copyClosure(doomed, [path], { onProgress }).catch((e) => e);
    expect(error).toMatchObject({ name: "UnreachableError", machine: "h2" });
    const before = Date.now();
    await doomed.close();
    expect(Date.now() - before).toBeLessThan(3000);
  } finally {
    await cut;
    await box.linkUp();
  }
  await host.close();
  host = await connect(box.target, { waitMs: 20_000 });
  await copyClosure(host, [path]);
  expect(await isValid(path)).toBe(true);
});

test("to this computer nothing needs to be copied", async () => {
  expect(await copyClosure(localHost(), [chain(3)])).toEqual(NOTHING);
});
