import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { findNixpkgs, type NixpkgsSource, nix } from "@firn/nix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { FileServer } from "./file-server.js";
import { output, run, TestNetwork } from "./network.js";

/**
 * Where nixpkgs comes from, each way for real: the miniature, whose `marker` tells the copies apart, in tarballs of a
 * server on the loopback.
 */
let net: TestNetwork;
let server: FileServer;
/** Hash of each tarball's contents. */
const hashes: Record<string, string> = {};

beforeAll(async () => {
  net = new TestNetwork("pins");
  const served = join(net.root, ".firn", "served");
  for (const name of ["one", "two"]) {
    const tree = join(served, name);
    mkdirSync(tree, { recursive: true });
    cpSync(NIXPKGS, tree, { recursive: true });
    net.write(`.firn/served/${name}/marker.nix`, `"${name}" # ${net.root}: no earlier run has fetched it`);
    await run("tar", ["-C", served, "-czf", join(served, `${name}.tar.gz`), name]);
    hashes[name] = (await output("nix", ["hash", "path", tree])).trim();
  }
  server = await FileServer.start(served);
});
afterAll(async () => {
  await server.stop();
  net.dispose();
});

const url = (name: string) => `${server.url}/${name}.tar.gz`;
const base32 = async (name: string) =>
  (await output("nix", ["hash", "to-base32", hashes[name] ?? ""])).trim();
const marker = {
  config: { environment: { etc: { marker: { text: nix`import (pkgs.path + "/marker.nix")` } } } },
};
const pinOf = (source?: NixpkgsSource) =>
  findNixpkgs(source, { root: net.root, warn: (message) => expect.unreachable(message) });

/** Machine "a", as it comes out with a source of nixpkgs. */
async function evaluateWith(source?: NixpkgsSource) {
  const run = await net.evaluate({ a: marker }, { pins: new Map([["nixpkgs", pinOf(source)]]) });
  return run.evaluated.get("a")?.toplevel;
}

test("every way to pin the same nixpkgs gives the same machine, and fetches it once", async () => {
  const tarball = await evaluateWith({ tarball: url("one"), hash: hashes.one ?? "" });
  expect(server.requests).toEqual(["/one.tar.gz"]);

  const pin = { type: "Tarball", url: url("one") };
  const npins = (version: number, hash: string, fields: object = pin) =>
    net.write("npins/sources.json", JSON.stringify({ version, pins: { nixpkgs: { ...fields, hash } } }));
  npins(5, await base32("one"));
  expect(await evaluateWith({ npins: "." })).toBe(tarball);
  npins(8, hashes.one ?? "", { type: "Url", url: url("one"), unpack: true } as object);
  expect(await evaluateWith({ npins: "." })).toBe(tarball);

  const niv = { nixpkgs: { ...pin, type: "tarball", sha256: await base32("one") } };
  net.write("niv/nix/sources.json", JSON.stringify(niv));
  expect(await evaluateWith({ npins: "niv" })).toBe(tarball);

  expect(await evaluateWith({ path: ".firn/served/one" })).toBe(tarball);
  // The server was not asked again: what has the same hash is the same.
  expect(server.requests).toEqual(["/one.tar.gz"]);
});

test("flake.lock decides, whatever flake.nix and the server say today", async () => {
  net.write("flake.nix", `{ inputs.nixpkgs.url = "${url("one")}"; outputs = _: { }; }`);
  await run("nix", ["flake", "lock", `path:${net.root}`]);
  const locked = JSON.parse(readFileSync(join(net.root, "flake.lock"), "utf8"));
  expect(locked.nodes.nixpkgs.locked.narHash).toBe(hashes.one);
  const before = await evaluateWith({ flake: "." });
  net.write("flake.nix", `{ inputs.nixpkgs.url = "${url("two")}"; outputs = _: { }; }`);
  expect(await evaluateWith({ flake: "." })).toBe(before);
  locked.nodes.nixpkgs.locked = { ...locked.nodes.nixpkgs.locked, url: url("two"), narHash: hashes.two };
  net.write("flake.lock", JSON.stringify(locked));
  expect(await evaluateWith({ flake: "." })).not.toBe(before);
  // Without a word about nixpkgs, the project's lock file is what counts.
  expect(await evaluateWith()).toBe(await evaluateWith({ flake: "." }));
});

test("a hash that does not fit is an error that says what came", async () => {
  const wrong = `sha256-${createHash("sha256").update(net.root).digest("base64")}`;
  await expect(evaluateWith({ tarball: url("one"), hash: wrong })).rejects.toThrow(
    new RegExp(`${url("one")} could not be fetched: (.|\n)*${hashes.one?.replace(/[+]/g, "\\+")}`),
  );
  await expect(evaluateWith({ tarball: url("gone"), hash: wrong })).rejects.toThrow(
    /gone.*could not be fetched/,
  );
});

test("two machines of a network have a nixpkgs of their own each", async () => {
  const pins = new Map([
    ["nixpkgs", pinOf({ tarball: url("one"), hash: hashes.one ?? "" })],
    ["nixpkgs-b", pinOf({ tarball: url("two"), hash: hashes.two ?? "" })],
  ]);
  const machines = { a: marker, b: { ...marker, pin: "nixpkgs-b" } };
  const { evaluated } = await net.evaluate(machines, { pins });
  const marked = async (name: string) => {
    const etc = `import ${net.root}/.firn/test/net`;
    const expression = `(${etc} { }).${name}.config.environment.etc.marker.text`;
    return output("nix-instantiate", ["--eval", "--json", "--expr", expression]);
  };
  // The rendered files fetch by themselves what they need.
  expect([await marked("a"), await marked("b")].map((text) => JSON.parse(text.trim()))).toEqual([
    "one",
    "two",
  ]);
  expect(evaluated.get("a")?.toplevel).not.toBe(evaluated.get("b")?.toplevel);
  const swapped = { a: { ...marker, pin: "nixpkgs-b" }, b: { ...marker, pin: "nixpkgs-b" } };
  expect((await net.evaluate(swapped, { pins })).nix).toEqual(["a"]);
});

test("modules import what npins pins, and nothing that nobody pins", async () => {
  const module = `
    let sources = builtins.fromJSON (builtins.readFile ./npins/sources.json);
        fetched = builtins.fetchTarball { inherit (sources.pins.two) url; sha256 = sources.pins.two.hash; };
    in { environment.etc.marker.text = import (fetched + "/marker.nix"); }`;
  net.write("sources.nix", module);
  const pins = (fields: object) =>
    net.write(
      "npins/sources.json",
      JSON.stringify({ version: 8, pins: { two: { type: "Url", ...fields } } }),
    );
  pins({ url: url("two"), hash: hashes.two, unpack: true });
  await net.evaluate({ a: { modules: [{ path: "sources.nix" }] } });
  net.write("sources.nix", module.replace("inherit (sources.pins.two) url", `url = "${url("one")}"`));
  await expect(net.evaluate({ a: { modules: [{ path: "sources.nix" }] } })).rejects.toThrow(
    `access to URI '${url("one")}' is forbidden in restricted mode`,
  );
});

test("without a pin, the error names the ways to one", () => {
  const search = { root: join(net.root, "niv", "nix"), warn: () => {} };
  const before = process.env.NIX_PATH;
  try {
    delete process.env.NIX_PATH;
    expect(() => findNixpkgs(undefined, search)).toThrow(/No nixpkgs: there is no flake.lock, npins/);
    process.env.NIX_PATH = `nixpkgs=${NIXPKGS}`;
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    expect(findNixpkgs(undefined, { ...search, warn })).toEqual({ kind: "path", path: NIXPKGS });
    expect(warnings.join()).toContain("differs from computer to computer. Pin it");
  } finally {
    if (before === undefined) delete process.env.NIX_PATH;
    else process.env.NIX_PATH = before;
  }
  expect(() => findNixpkgs({ path: "." }, search)).toThrow(`${basename(search.root)} is no nixpkgs`);
});
