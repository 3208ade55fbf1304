import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NIXPKGS } from "../../mini-nixos/evaluate.js";
import { Project, type PulumiResult } from "../project.js";
import { TELL_LOADED } from "./loaded.js";
import { joinSnippets, readPage } from "./page.js";

/** docs/how-to/nixos-in-typescript.md, run as it stands; its nixpkgs is the miniature. */
const page = readPage(fileURLToPath(new URL("../../../docs/how-to/nixos-in-typescript.md", import.meta.url)));
const project = new Project("how-to");
let preview: PulumiResult;

const rendered = (file: string) => project.read(`.firn/dev/net/${file}`);

async function succeed(command: string, ...args: string[]): Promise<string> {
  const result = await project.run(command, args);
  expect(result.exitCode, result.output).toBe(0);
  return result.output;
}

beforeAll(async () => {
  for (const [name, text] of page.files)
    project.write(name, text.replace(/github:NixOS\/nixpkgs\/[\w.-]+/, `path:${NIXPKGS}`));
  project.write("files/terms.txt", "Be kind.\n");
  project.write("site/pages/index.html", "Welcome");
  project.write("site/debug.log", "left out by .gitignore");
  symlinkSync(NIXPKGS, join(project.directory, "nixpkgs"));
  project.write(".gitignore", ".firn/\nbackend/\n*.log\nnixpkgs\n");
  await succeed("git", "init", "--quiet");
  await succeed("git", "add", "flake.nix");
  await succeed("nix", "flake", "lock");
  await succeed("git", "add", "flake.lock");
  project.write("index.ts", `${joinSnippets(page.snippets)}\n${TELL_LOADED}`);
  await project.init();
  preview = await project.preview();
});
afterAll(() => project.dispose());

test("every snippet of the page works, in one preview", () => {
  expect(preview.exitCode, preview.output).toBe(0);
  expect(page.snippets.length).toBeGreaterThan(8);
  const declared = [...page.snippets.join("\n").matchAll(/net\.machine\("(.*?)"/g)].map((match) => match[1]);
  for (const name of declared) expect(preview.output).toContain(`net-${name}`);
});

test("the snippets compile, and go on doing so with the types of this project", async () => {
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  };
  const write = (...files: string[]) =>
    project.write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { ...compilerOptions, types: ["node"] }, files }),
    );
  write("index.ts");
  await succeed("npx", "tsc", "--project", ".");
  await succeed("npx", "firn", "types");
  // The options of the project's own modules, as the preview saw them.
  expect(project.read("nixos-options.d.ts")).toMatch(
    /@see modules\/web\.nix\s+\*\/\s+greeting\?: Nix<string>;/,
  );
  write("index.ts", "nixos-options.d.ts");
  await succeed("npx", "tsc", "--project", ".");
});

test("a program without errors loads nothing that reads programs", () => {
  expect(preview.output).toContain("files of ts-morph: 0");
});

test("option() tells its value in the preview", () => {
  expect(preview.output).toContain("edge opens 22,443");
});

test("what the page says in TypeScript is what Nix gets", async () => {
  expect(rendered("expressions.nix")).toContain("lib.mkForce");
  const value = async (path: string) => {
    const args = ["--eval", "--strict", "--json", ".firn/dev/net", "-A", path];
    // Warnings of Nix stand before the value.
    return JSON.parse((await succeed("nix-instantiate", ...args)).trim().split("\n").at(-1) ?? "");
  };
  expect(await value("expressions.config.services.miniweb.port")).toBe(8080);
  expect(await value("functions.config.environment.etc.numbers.text")).toBe("2\n4\n6");
  expect(await value("functions.config.environment.etc.twice.text")).toBe("HELLO HELLO");
  expect(await value("modules.config.environment.etc.greeting.text")).toBe("Good morning");
  expect(await value("modules.config.environment.etc.motd.text")).toBe("Welcome\n");
  expect(await value("modules.config.networking.domain")).toBe("modules");
  expect(await value("legacy.config.networking.domain")).toBe("new.example");
  expect(await value("special.config.environment.etc.site.text")).toBe("Berlin");
  const site = await value("pages.config.environment.etc.site.source");
  expect(readdirSync(site)).toEqual(["pages"]);
  expect(await value("pages.config.systemd.services.pages.script")).toBe(`ls ${site}/pages`);
  expect(await value("board.config.nixpkgs.hostPlatform.system")).toBe("aarch64-linux");
  expect(await value("board.config.system.build.toplevel.system")).toBe("x86_64-linux");
  expect(await value("shop.config.networking.firewall.allowedTCPPorts")).toContain(5432);
});

test.each(page.commands)("%s", async (command) => {
  expect(await succeed("sh", "-c", command)).toMatch(/\/nix\/store\/.*\.drv/);
});

test.each(page.refused)("refused: $message", async ({ message, snippet }) => {
  const network = page.snippets[0] ?? "";
  project.write("index.ts", joinSnippets([network, snippet]));
  const result = await project.preview();
  expect(result.exitCode).not.toBe(0);
  expect(result.output).toContain(message);
  expect(result.output).not.toContain("hunter2");
});
