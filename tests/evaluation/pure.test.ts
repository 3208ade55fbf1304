import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, TestNetwork } from "./network.js";

/** Evaluation reads the project and what it pins: every other way out is an error that names what was asked for. */
let net: TestNetwork;
let outside: string;

beforeAll(async () => {
  net = new TestNetwork("pure");
  const other = new TestNetwork("pure-outside");
  outside = other.root;
  other.write("secret", "top");
  other.write("flake.nix", "{ outputs = _: { secret = builtins.readFile ./secret; }; }");
  other.write(".gitignore", ".firn");
  await run("git", ["init", "--quiet", outside]);
  await run("git", ["-C", outside, "add", "."]);
  return () => other.dispose();
});
afterAll(() => net.dispose());

const evaluate = (expression: string) => {
  net.write("a.nix", `{ environment.etc.marker.text = builtins.toJSON (${expression}); }`);
  return net.evaluate({ a: { modules: [{ path: "a.nix" }] } });
};

test.each([
  ["a file", () => `builtins.readFile ${outside}/secret`],
  ["a file by text", () => `builtins.readFile "${outside}/secret"`],
  ["a link of the project", () => "builtins.readFile ./link"],
  ["a way up", () => `builtins.readFile (./. + "/../../../../../../../../../../..${outside}/secret")`],
  ["a directory", () => `builtins.attrNames (builtins.readDir ${outside})`],
  ["an import", () => `import ${outside}/secret`],
  ["a source", () => `"\${${outside}/secret}"`],
  ["builtins.path", () => `"\${builtins.path { path = ${outside}; name = "x"; }}"`],
  ["a filtered source", () => `"\${builtins.filterSource (_: _: true) ${outside}}"`],
  ["a hash of a file", () => `builtins.hashFile "sha256" ${outside}/secret`],
  ["fetchGit", () => `builtins.readFile "\${builtins.fetchGit ${outside}}/secret"`],
  ["fetchGit by address", () => `builtins.readFile "\${builtins.fetchGit "file://${outside}"}/secret"`],
  ["fetchurl", () => `builtins.readFile (builtins.fetchurl "file://${outside}/secret")`],
  [
    "fetchTarball",
    () => `builtins.readFile (builtins.fetchTarball "file://${outside}/x.tar.gz" + "/secret")`,
  ],
  ["the network", () => `builtins.fetchurl "http://127.0.0.1:9/x"`],
])("what lies outside cannot be read: %s", async (what, expression) => {
  if (what === "a link of the project")
    await run("ln", ["-sfn", join(outside, "secret"), join(net.root, "link")]);
  await expect(evaluate(expression())).rejects.toThrow(
    /a: access to (absolute path|canonical path|URI|path) '.*' is forbidden in restricted mode/,
  );
});

test.each([
  ["getFlake", () => `(builtins.getFlake "path:${outside}").secret`],
  [
    "fetchTree",
    () => `builtins.readFile "\${builtins.fetchTree { type = "path"; path = "${outside}"; }}/secret"`,
  ],
])("what reads any address is not there: builtins.%s", async (name, expression) => {
  await expect(evaluate(expression())).rejects.toThrow(
    new RegExp(`attribute '${name}' missing|experimental Nix feature 'flakes' is disabled`),
  );
});

test.each([
  ["the environment", 'builtins.getEnv "HOME"', '""'],
  ["whether something is there", () => `builtins.pathExists ${outside}/secret`, "false"],
  ["the search path", 'builtins.length (builtins.filter (e: e.prefix == "nixpkgs") builtins.nixPath)', "0"],
])("%s tells nothing", async (_what, expression, expected) => {
  const text = typeof expression === "string" ? expression : expression();
  await evaluate(
    `if builtins.toJSON (${text}) == ${JSON.stringify(expected)} then "nothing" else throw "it tells"`,
  );
});

test("<nixpkgs> is an error", async () => {
  await expect(evaluate("<nixpkgs>")).rejects.toThrow("file 'nixpkgs' was not found in the Nix search path");
});
