import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { pinnedAddresses, readNpin } from "./npins.js";

const hash = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
const base32 = "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s";
const url = "https://example.org/nixpkgs.tar.gz";
const revision = "5c37ad87222cfc1ec36d6cd1364514a9efc2f7f2";
const github = { type: "GitHub", owner: "nixos", repo: "nixpkgs" };
const tarball = { type: "tarball", url, narHash: hash };

function project(file: string, content: unknown): string {
  const root = mkdtempSync(join(tmpdir(), "firn-npins-"));
  mkdirSync(dirname(join(root, file)));
  writeFileSync(join(root, file), JSON.stringify(content));
  return root;
}
const npins = (version: number, nixpkgs: object) =>
  project("npins/sources.json", { version, pins: { nixpkgs } });
const attributes = (root: string) => {
  const pin = readNpin(root, "nixpkgs");
  return pin.kind === "fetched" ? pin.attributes : pin;
};

/** As npins of each format version writes it; versions 1 and 2 have the fields of 3, version 4 those of 5. */
test.each([
  [3, { type: "Git", repository: github, branch: "master", revision, url, hash: base32 }, tarball],
  [
    5,
    { type: "Git", repository: github, branch: "master", submodules: false, revision, url, hash: base32 },
    tarball,
  ],
  [5, { type: "Channel", name: "nixos-26.05", url, hash: base32 }, tarball],
  [5, { type: "Tarball", url: "https://example.org/moves", locked_url: url, hash: base32 }, tarball],
  [6, { type: "Channel", name: "nixos-26.05", url, hash }, tarball],
  [7, { type: "Tarball", url, locked_url: null, hash }, tarball],
  [8, { type: "Url", url, hash, unpack: true }, tarball],
  [8, { type: "MutableUrl", update_url: "https://example.org/moves", url, hash, unpack: true }, tarball],
  [
    8,
    { type: "GitRelease", repository: github, version: "26.05", revision, submodules: false, url, hash },
    tarball,
  ],
])("npins, format version %i: %j", (version, pin, expected) => {
  expect(attributes(npins(version, pin))).toEqual(expected);
});

test("npins' first format names GitHub's tarball by owner and revision", () => {
  const pin = {
    type: "GitHub",
    repository: "nixpkgs",
    owner: "nixos",
    branch: "master",
    revision,
    hash: base32,
  };
  const github = `https://github.com/nixos/nixpkgs/archive/${revision}.tar.gz`;
  expect(attributes(npins(0, pin))).toEqual({ type: "tarball", url: github, narHash: hash });
});

test.each([
  [
    "without a tarball",
    { type: "Git", url: "https://example.org/n.git" },
    false,
    "https://example.org/n.git",
  ],
  ["with submodules", github, true, "https://github.com/nixos/nixpkgs.git"],
  [
    "at GitLab",
    { type: "GitLab", server: "https://gl.example", repo_path: "a/b" },
    true,
    "https://gl.example/a/b.git",
  ],
  [
    "at Forgejo",
    { type: "Forgejo", server: "https://fj.example", owner: "a", repo: "b" },
    true,
    "https://fj.example/a/b.git",
  ],
])("npins, a repository %s", (_what, repository, submodules, expected) => {
  const pin = {
    type: "Git",
    repository,
    branch: "master",
    submodules,
    revision,
    url: submodules ? url : null,
    hash,
  };
  const further = submodules ? { submodules } : {};
  const git = { type: "git", url: expected, rev: revision, narHash: hash, ...further };
  expect(attributes(npins(8, pin))).toEqual(git);
});

test("niv's tarballs and repositories", () => {
  const niv = (nixpkgs: object) => attributes(project("nix/sources.json", { nixpkgs }));
  const template = "https://github.com/<owner>/<repo>/archive/<rev>.tar.gz";
  const fields = { owner: "NixOS", repo: "nixpkgs", branch: "master", rev: revision, url_template: template };
  expect(niv({ ...fields, type: "tarball", sha256: base32, url })).toEqual(tarball);
  const repo = "https://example.org/n.git";
  expect(niv({ type: "git", branch: "master", repo, rev: revision })).toEqual({
    type: "git",
    url: repo,
    rev: revision,
  });
});

test("a pin that is missing or has nothing to fetch says which there are", () => {
  const root = npins(8, { type: "Container", image_name: "ubuntu", image_digest: "sha256:1", hash });
  expect(() => readNpin(root, "nixpkgs")).toThrow(
    'has no pin "nixpkgs" with an address and a hash; it has nixpkgs.',
  );
  expect(() => readNpin(root, "nixos")).toThrow('has no pin "nixos"');
});

test("all tarballs of a file may be fetched, for those who import it", () => {
  const root = project("npins/sources.json", {
    version: 8,
    pins: {
      nixpkgs: { type: "Channel", url, hash },
      disko: { type: "Git", repository: github, revision, url: "https://example.org/disko.tar.gz", hash },
      plain: {
        type: "Git",
        repository: { type: "Git", url: "https://example.org/n.git" },
        revision,
        url: null,
        hash,
      },
    },
  });
  expect(pinnedAddresses(join(root, "npins/sources.json"))).toEqual([
    url,
    "https://example.org/disko.tar.gz",
  ]);
});
