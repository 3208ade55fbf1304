import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { containerOf, type LabContainer } from "../../lab/lab.js";
import { NIXPKGS } from "../../mini-nixos/evaluate.js";
import { Project } from "../project.js";
import { joinSnippets, readPage } from "../typescript/page.js";

/** docs/how-to/secrets.md, run as it stands; its nixpkgs is the miniature. */
const page = readPage(fileURLToPath(new URL("../../../docs/how-to/secrets.md", import.meta.url)));
const project = new Project("secrets");
const program = (snippets: readonly string[]) =>
  project.write("index.ts", joinSnippets(snippets).replace('{ flake: "." }', `{ path: "${NIXPKGS}" }`));

let deployed = "";

async function succeed(command: string): Promise<string> {
  const result = await project.run("sh", ["-c", command]);
  expect(result.exitCode, result.output).toBe(0);
  return result.output;
}

async function machine(name: string): Promise<LabContainer> {
  const found = (await project.resources()).find((each) => each.urn.endsWith(`:Container::net-${name}`));
  return containerOf(found?.id ?? "");
}

beforeAll(async () => {
  project.write("password.txt", "a long password");
  project.write("secrets/tls.key", "-----BEGIN-----");
  project.setEnvironment("SHOP_API_KEY", "key of the shop");
  program(page.snippets);
  await project.init();
});
afterAll(() => project.dispose());

test.each(page.commands)("%s", async (command) => {
  const output = await succeed(command);
  if (command === "npx firn keys send") expect(output).toContain("sources: has its 4 keys already");
  deployed += output;
});

test("the machines have what the page says, and nobody told the values", async () => {
  const [shop, sources] = [await machine("shop"), await machine("sources")];
  const text = async (box: LabContainer, ...paths: string[]) => box.exec(["cat", ...paths]);
  expect(await text(shop, "/tmp/shop")).toContain("-");
  expect(await shop.exec(["systemctl", "is-active", "shop", "db-password-key"])).toBe("active\nactive\n");
  expect(
    await text(
      sources,
      ...["output", "command", "variable"].map((name) => join("/run/keys", name)),
      "/var/lib/keys/file",
    ),
  ).toBe("a long passwordsecret-of-a-vaultkey of the shop-----BEGIN-----");
  expect(await sources.exec(["systemctl", "is-active", "api", "command-key"])).toBe("active\nactive\n");
  for (const secret of ["a long password", "secret-of-a-vault", "key of the shop", "-----BEGIN-----"])
    expect(deployed.replaceAll("printf %s secret-of-a-vault", "")).not.toContain(secret);
});

test.each(page.refused)("refused: $message", async ({ message, snippet }) => {
  program([page.snippets[0] ?? "", snippet]);
  const result = await project.preview();
  expect(result.exitCode).not.toBe(0);
  expect(result.output).toContain(message);
  expect(result.output).not.toContain("a long password");
  if (message.includes("is a secret"))
    expect(result.output).toContain('keys: { "password": { text: secret } },');
});
