import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nix, path, str } from "@firn/nix";
import { afterAll, beforeAll, expect, test } from "vitest";
import { output, TestNetwork } from "./network.js";

/** Directories of the project: as sources they enter the store once, without what git ignores; as modules not at all. */
let net: TestNetwork;
beforeAll(() => {
  net = new TestNetwork("sources");
  net.write("site/.gitignore", "*.log\n!kept.log\nnode_modules/\n");
  for (const file of [
    "index.html",
    "kept.log",
    "secret.log",
    "node_modules/left-pad/index.js",
    "pages/a.html",
  ])
    net.write(`site/${file}`, file);
  net.write("plain/file", "plain");
  symlinkSync("file", join(net.root, "plain", "link"));
});
afterAll(() => net.dispose());

const site = { config: { environment: { etc: { site: { source: path("./site") } } } } };
const evaluate = async (expression: string) =>
  JSON.parse(
    await output("nix-instantiate", [
      ...["--eval", "--strict", "--json", "--read-write-mode"],
      ...["--expr", `let net = import ${net.root}/.firn/test/net { }; in ${expression}`],
    ]),
  );
const files = async (store: string) =>
  (await output("find", [store, "-type", "f", "-printf", "%P\n"])).trim().split("\n").toSorted();

test("a directory enters the store without what git ignores, once for all who have it", async () => {
  const machines = {
    a: site,
    b: site,
    c: { config: { environment: { etc: { url: { text: str`${path("site/")}/index.html` } } } } },
    d: { config: { environment: { etc: { raw: { text: nix`"\${${path("./site")}}/index.html"` } } } } },
  };
  const { evaluated } = await net.evaluate(machines);
  const [a, b, c, d] = (await evaluate(
    "with net; [ a.config.environment.etc.site.source b.config.environment.etc.site.source c.config.environment.etc.url.text d.config.environment.etc.raw.text ]",
  )) as string[];
  expect(a).toMatch(/^\/nix\/store\/[a-z0-9]{32}-site$/);
  expect([b, c, d]).toEqual([a, `${a}/index.html`, `${a}/index.html`]);
  expect(await files(a ?? "")).toEqual([".gitignore", "index.html", "kept.log", "pages/a.html"]);
  // What is built from it depends on it.
  const inputs = await output("nix-store", ["--query", "--requisites", evaluated.get("a")?.drvPath ?? ""]);
  expect(inputs.split("\n").filter((each) => each.endsWith("-site"))).toEqual([a]);
});

test("what counts for the cache is what enters the store", async () => {
  await net.evaluate({ a: site });
  writeFileSync(join(net.root, "site", "secret.log"), "another");
  net.write("site/new.log", "new");
  expect((await net.evaluate({ a: site })).nix).toEqual([]);
  net.write("site/pages/b.html", "new");
  expect((await net.evaluate({ a: site })).nix).toEqual(["a"]);
});

test("a directory with nothing to leave out is a plain path, and so is a file", async () => {
  const etc = { plain: { source: path("./plain") }, page: { source: path("./site/secret.log") } };
  await net.evaluate({ a: { config: { environment: { etc } } } });
  const [plain, page] = (await evaluate(
    'map (e: "${e.source}") (with net.a.config.environment.etc; [ plain page ])',
  )) as string[];
  expect(await files(plain ?? "")).toEqual(["file"]);
  expect(page).toMatch(/-secret\.log$/);
});

test("a directory as module is read in place: it imports what lies beside it, and nothing enters the store", async () => {
  net.write("modules/web/default.nix", "{ imports = [ ../common.nix ./more.nix ]; }");
  net.write("modules/web/more.nix", '{ environment.etc.more.text = "more"; }');
  net.write("modules/web/.gitignore", "*.log\n");
  net.write("modules/web/huge.log", "huge");
  net.write("modules/common.nix", '{ networking.domain = "common.example"; }');
  const machines = {
    a: { modules: [{ path: "./modules/web" }] },
    b: { config: { imports: [path("./modules/web")] } },
  };
  const { evaluated } = await net.evaluate(machines);
  expect(await evaluate("[ net.a.config.networking.domain net.b.config.environment.etc.more.text ]")).toEqual(
    ["common.example", "more"],
  );
  for (const { drvPath } of evaluated.values())
    expect(await output("nix-store", ["--query", "--requisites", drvPath])).not.toMatch(/-(web|modules)$/m);
});
