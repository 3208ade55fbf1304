import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { joinSnippets, readPage } from "../e2e/typescript/page.js";
import { containerOf } from "../lab/lab.js";
import { NIXPKGS } from "../mini-nixos/evaluate.js";
import { linkImage } from "./image.js";

/** docs/how-to/encrypted-links.md: one stack is previewed with every snippet, and two are linked as the page says. */
const page = readPage(fileURLToPath(new URL("../../docs/how-to/encrypted-links.md", import.meta.url)));
const between = page.snippets.filter((text) => text.includes("StackReference"));
/** `clouds.test.ts` deploys what stands on clouds. */
const alone = page.snippets.filter((text) => !between.includes(text) && !text.includes("@firn/hcloud"));
const shop = new Project("shop");
const mail = new Project("mail");
let image = "";

/** The page's nixpkgs is the project's flake, and its machines may be anywhere; here they are the miniature's, on this computer. */
const here = (text: string) =>
  text
    .replaceAll('{ flake: "." }', JSON.stringify({ path: NIXPKGS }))
    .replaceAll("container()", `container({ image: ${JSON.stringify(image)} })`);

beforeAll(async () => {
  image = await linkImage();
  mail.setEnvironment("PULUMI_BACKEND_URL", `file://${join(shop.directory, "backend")}`);
  await shop.init();
  await mail.init();
});
afterAll(async () => {
  await mail.dispose();
  await shop.dispose();
});

test("every snippet of the page works in one program", async () => {
  shop.write("index.ts", here(joinSnippets(alone)));
  const result = await shop.preview();
  expect(result.exitCode, result.output).toBe(0);
  expect(result.output).toMatch(/laptopConfig\s*: \[(secret|unknown)\]/);
});

test("machines of two stacks are linked by what each stack exports", async () => {
  const mailProgram = (link: string) => `
import { container } from "@firn/container";
import { Network, remotePeer } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";
const net = new Network("mail", { nixpkgs: { flake: "." }, stateVersion: "26.05", target: container() });
const mail = net.machine("mail");
${link}
export const mailPeer = mail.linkPeer;
`;
  const up = async (project: Project, program: string) => {
    project.write("index.ts", here(program));
    const result = await project.up();
    expect(result.exitCode, result.output).toBe(0);
  };
  await up(mail, mailProgram(""));
  const first = `
import { container } from "@firn/container";
import { Network } from "@firn/nixos";
import * as pulumi from "@pulumi/pulumi";
const shop = new Network("shop", { nixpkgs: { flake: "." }, stateVersion: "26.05", target: container() });
const web = shop.machine("web");
`;
  await up(shop, joinSnippets([first, ...between]));
  await up(
    mail,
    mailProgram(
      'net.link(mail, remotePeer("web", new pulumi.StackReference("organization/shop/dev").requireOutput("webPeer")));',
    ),
  );
  const web = (await shop.resources()).find((each) => each.urn.endsWith(":Container::shop-web"));
  const ping = await containerOf(web?.id ?? "").exec([
    "busybox",
    "ping",
    "-c",
    "3",
    "-W",
    "2",
    "mail.shop.internal",
  ]);
  expect(ping).toMatch(/[123] packets received/);
});
