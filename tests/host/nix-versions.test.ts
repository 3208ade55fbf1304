import { execFileSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { connect, copyClosure, type Host, repairClosure } from "@firn/host";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { debianNix } from "../../tools/setup/debian-nix.mjs";
import { type BinaryCache, binaryCache } from "../lab/binary-cache.js";
import { installNix } from "../lab/other-nix.js";
import { gatewayOf, machine, type TestMachine } from "./machine.js";
import { blob, built, chain } from "./store-paths.js";

const { PATH = "" } = process.env;
let box: TestMachine;
let host: Host;
let cache: BinaryCache;

beforeAll(async () => {
  box = await machine("h5");
  host = await connect(box.target, { waitMs: 20_000 });
  cache = await binaryCache(gatewayOf(box));
  await box.inside(
    `printf 'substituters = ${cache.url}\\ntrusted-public-keys = ${cache.publicKey}\\n' >>/etc/nix/nix.conf`,
  );
});

afterEach(() => {
  process.env.PATH = PATH;
});

afterAll(async () => {
  await cache.close();
  await host.close();
  await box.remove();
});

/** All that a copy does. */
async function copyAndRepair(): Promise<void> {
  const path = chain(2, built(1000));
  expect(await copyClosure(host, [path])).toMatchObject({ paths: 3, fetched: 0 });
  await host.run(["nix-store", "--verify-path", path]);

  const large = built(2_000_000);
  cache.add(large);
  expect(await copyClosure(host, [chain(1, large)])).toMatchObject({ paths: 1, fetched: 1 });

  await box.inside(`chmod u+w ${path} && echo more >>${path}`);
  expect(await repairClosure(host, [path])).toEqual({ missing: 0, repaired: [path] });

  // What is announced and what comes differ.
  const spoilt = blob(1000);
  execFileSync("sh", ["-c", 'chmod u+w "$1" && echo more >>"$1"', "sh", spoilt]);
  await expect(copyClosure(host, [spoilt])).rejects.toThrow("is damaged in the Nix store of this computer");
  execFileSync("nix-store", ["--delete", spoilt], { stdio: "ignore" });
}

test("machines' Nix and this computer's may be of any two versions", async () => {
  const installed = execFileSync("sh", ["-c", "readlink -f $(command -v nix)"], { encoding: "utf8" }).trim();
  const newest = (await debianNix("sid", () => {})).path;
  const versions = new Set<string>();
  for (const there of [undefined, installed, join(newest, "nix")]) {
    if (there !== undefined) await installNix(host, there, `nix-${versions.size}`);
    for (const here of [PATH, `${newest}${delimiter}${PATH}`]) {
      process.env.PATH = here;
      const pair = [
        execFileSync("nix", ["--version"], { encoding: "utf8" }),
        (await host.run(["nix", "--version"])).stdout,
      ];
      versions.add(pair.map((text) => /\d+\.\d+/.exec(text)?.[0]).join(" to "));
      await copyAndRepair();
    }
  }
  expect(versions.size).toBe(6);
});
