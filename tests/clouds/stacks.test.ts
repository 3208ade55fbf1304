import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { readPage } from "../e2e/typescript/page.js";
import { containerOf } from "../lab/lab.js";
import { pageAt } from "../lab/probe.js";
import { linkImage } from "../links/image.js";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { account as digitalocean } from "./digitalocean/account.js";
import { account as hcloud } from "./hcloud/account.js";
import { useStandIns } from "./stand-ins.js";

/** docs/how-to/stacks.md: one program, and three stacks of it on three targets. Each test goes on from the one before. */
const page = readPage(fileURLToPath(new URL("../../docs/how-to/stacks.md", import.meta.url)));
const [main = "", reference = ""] = page.snippets;
const project = new Project("shop");
const directory = useStandIns(project, ["digitalocean", "hcloud"]);
const clouds = { staging: digitalocean(directory).cloud, prod: hcloud(directory).cloud };
let image = "";

/** What of Pulumi's SDKs a program has loaded when it has declared everything. */
const LOADED = `
import { createRequire } from "node:module";
const files = Object.keys(createRequire(import.meta.url).cache);
const packages = files.map((file) => /\\/@pulumi\\/([^/]+)\\//.exec(file)?.[1]);
export const loaded = [...new Set(packages)].filter((name) => name !== undefined && name !== "pulumi").sort();
`;

const program = (change: (text: string) => string = (text) => text) =>
  project.write(
    "index.ts",
    change(`${main}${LOADED}`)
      .replaceAll('{ flake: "." }', JSON.stringify({ path: NIXPKGS }))
      .replaceAll("container()", `container({ image: ${JSON.stringify(image)} })`),
  );

beforeAll(async () => {
  image = await linkImage();
  project.write("web.nix", "{ services.miniweb = { enable = true; port = 80; }; }\n");
  await project.init();
});
afterAll(async () => {
  for (const stack of ["prod", "staging"]) await project.destroy("--stack", stack);
  await project.dispose();
});

async function use(stack: string): Promise<void> {
  if (stack !== "dev") await project.pulumi("stack", "init", stack);
  await project.setSecret("dbPassword", `canary-of-${stack}`);
}

async function up(): Promise<string> {
  const { exitCode, output } = await project.up();
  expect(exitCode, output).toBe(0);
  return output;
}

const outputs = async () => (await project.outputs()) as unknown as { url: string; loaded: string[] };
const answer = async () => pageAt((await outputs()).url);
const servers = () => ({
  staging: clouds.staging
    .list("Droplet")
    .map(({ inputs }) => inputs.name)
    .sort(),
  prod: clouds.prod
    .list("Server")
    .map(({ inputs }) => [inputs.name, inputs.serverType])
    .sort(),
});

test("dev runs in containers on this computer, and loads no cloud's SDK", async () => {
  program();
  await use("dev");
  await up();
  expect(await answer()).toBe("Hello from dev");
  expect((await outputs()).loaded).toEqual([]);
  expect(servers()).toEqual({ staging: [], prod: [] });
});

test("staging runs on droplets, of the size that its own file says", async () => {
  await use("staging");
  await project.pulumi("config", "set", "--path", "droplet.size", "s-1vcpu-2gb");
  await up();
  expect(await answer()).toBe("Hello from staging");
  expect((await outputs()).loaded).toEqual(["digitalocean"]);
  expect(servers()).toEqual({ staging: ["shop-staging-db", "shop-staging-web"], prod: [] });
  expect(clouds.staging.list("Droplet").map(({ inputs }) => inputs.size)).toEqual([
    "s-1vcpu-2gb",
    "s-1vcpu-2gb",
  ]);
});

test("a setting that the program does not know ends the preview with the file, the key and what may stand there", async () => {
  await use("prod");
  await project.pulumi("config", "set", "--path", "server.servertype", "cx33");
  const { exitCode, output } = await project.preview();
  expect(exitCode).not.toBe(0);
  expect(output).toContain(
    'Pulumi.prod.yaml: shop:server has no setting "servertype"; it has serverType, location, dbType.',
  );
  expect(clouds.prod.requests()).toEqual([]);
  await project.pulumi("config", "rm", "--path", "server.servertype");
});

test("prod runs on servers by tag, beside the other stacks, and reads what staging puts out", async () => {
  program((text) => `${text}${reference}`);
  await up();
  expect(await answer()).toBe("Hello from prod");
  expect((await outputs()).loaded).toEqual(["hcloud"]);
  expect(servers().prod).toEqual([
    ["shop-prod-db", "cx33"],
    ["shop-prod-monitor", "cx23"],
    ["shop-prod-web", "cx23"],
  ]);
  expect(servers().staging).toHaveLength(2);
  const monitor = clouds.prod.list("Server").find(({ inputs }) => inputs.name === "shop-prod-monitor");
  expect(await containerOf(monitor?.hidden.machine ?? "").exec(["cat", "/etc/watched/staging"])).toMatch(
    /^http:\/\/[\d.]+\/upstream$/,
  );
});

test("a machine moves to another cloud: shown as a replacement, made there before it is deleted here", async () => {
  program((text) => text.replace('tags: ["database"],', "target: digitalocean(droplet),"));
  const { output } = await project.preview();
  expect(output).toContain("digitalocean:index/droplet:Droplet: (create)");
  expect(output).toMatch(/firn:System: \(replace\)[\s\S]*?hostId/);
  expect(output).toContain("hcloud:index/server:Server: (delete)");
  clouds.prod.requests();
  const order = (await up())
    .split("\n")
    .filter((line) => /shop-db/.test(line) && /created|deleted|replaced/.test(line));
  const at = (what: RegExp) => order.findIndex((line) => what.test(line));
  expect(at(/Droplet shop-db created/), order.join("\n")).toBeGreaterThanOrEqual(0);
  expect(at(/Server shop-db deleted/)).toBeGreaterThan(at(/Droplet shop-db created/));
  expect(at(/Server shop-db deleted/)).toBeGreaterThan(
    at(/firn:System shop-db (created replacement|replaced)/),
  );
  expect(await answer()).toBe("Hello from prod");
  expect((await outputs()).loaded).toEqual(["digitalocean", "hcloud"]);
  expect(servers()).toEqual({
    staging: ["shop-prod-db", "shop-staging-db", "shop-staging-web"],
    prod: [["shop-prod-web", "cx23"]],
  });
});

test("where it must be so, the old machine goes first, by itself", async () => {
  const target = ["--target", "**$firn:nixos:Machine**shop-db**", "--target-dependents"];
  const { exitCode, output } = await project.destroy(...target);
  expect(exitCode, output).toBe(0);
  expect(servers()).toEqual({
    staging: ["shop-staging-db", "shop-staging-web"],
    prod: [["shop-prod-web", "cx23"]],
  });
});
