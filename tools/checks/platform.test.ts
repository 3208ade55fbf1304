import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CallExpression, Node, Project, SyntaxKind } from "ts-morph";
import { expect, test } from "vitest";

const PACKAGES = fileURLToPath(new URL("../../packages", import.meta.url));

/** Runs machines on this computer, which Linux alone can. */
const NEEDS_LINUX = ["container"];

/** What there is on macOS as on Linux once Nix, Pulumi and OpenSSH are; the flags that are used are POSIX' or BSD's, too. */
const PORTABLE =
  /^(git|nix(-[a-z]+)*|pulumi|qemu-img|qemu-system-x86_64|sh|ssh|ssh-keygen|ssh-keyscan|tar|virsh|xargs|zstd)$/;

/** Files that look at a directory of Linux and do without where there is none. */
const DOES_WITHOUT: Readonly<Record<string, string>> = {
  "nix/src/cli/memory.ts": "watches memory on Linux only",
  "nixos/src/evaluation/groups.ts": "asks the operating system through Node elsewhere",
  "qemu/src/accelerator.ts": "looks for KVM, which is Linux', and takes the Mac's own or none elsewhere",
};

const LINUX_DIRECTORIES = /^\/(proc|sys|dev|run|etc|var|nix\/store)(\/|$)/;
const STARTS = /^(spawn|spawnSync|exec|execSync|execFile|execFileSync|fork|runProcess)$/;
const FILES =
  /^(readFile|writeFile|appendFile|open|stat|lstat|access|exists|readdir|readlink|realpath|statfs|mkdir|rm|symlink|createReadStream|createWriteStream)(Sync)?$/;

const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { allowJs: false } });
for (const name of readdirSync(PACKAGES).filter((each) => !NEEDS_LINUX.includes(each)))
  project.addSourceFilesAtPaths([
    `${PACKAGES}/${name}/src/**/*.ts`,
    `!${PACKAGES}/${name}/src/**/*.{test,cases}.ts`,
    `!${PACKAGES}/${name}/src/testing/**`,
  ]);
const calls = project
  .getSourceFiles()
  .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.CallExpression));

function nameOf(call: CallExpression): string {
  const callee = call.getExpression();
  return Node.isPropertyAccessExpression(callee) ? callee.getName() : callee.getText();
}

/** A string that is written out, alone or as the first of an array. */
function literal(node: Node | undefined): string | undefined {
  if (Node.isArrayLiteralExpression(node)) return literal(node.getElements()[0]);
  return Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)
    ? node.getLiteralValue()
    : undefined;
}

function where(call: CallExpression): string {
  const file = call
    .getSourceFile()
    .getFilePath()
    .slice(PACKAGES.length + 1);
  return `${file}:${call.getStartLineNumber()}`;
}

test("the packages are looked at", () => {
  expect(project.getSourceFiles().length).toBeGreaterThan(200);
  expect(calls.filter((call) => STARTS.test(nameOf(call))).length).toBeGreaterThan(5);
});

test("a deployer starts no program that only Linux has", () => {
  const started = calls.filter((call) => {
    const name = nameOf(call);
    // Hosts are Linux: what runs there may need it. `localHost()` is the deployer itself.
    return STARTS.test(name) || (name === "run" && call.getText().startsWith("localHost()"));
  });
  const foreign = started
    .map((call) => [where(call), literal(call.getArguments()[0])])
    .filter(([, program]) => program !== undefined && !PORTABLE.test(program));
  expect(foreign).toEqual([]);
});

test("a deployer reads and writes no file that only Linux has", () => {
  const found = calls
    .filter((call) => FILES.test(nameOf(call)) && LINUX_DIRECTORIES.test(textOf(call.getArguments()[0])))
    .map(where)
    .filter((place) => DOES_WITHOUT[place.replace(/:\d+$/, "")] === undefined);
  expect(found).toEqual([]);
});

/** What a path begins with, as far as it is written out. */
function textOf(node: Node | undefined): string {
  return Node.isTemplateExpression(node) ? node.getHead().getLiteralText() : (literal(node) ?? "");
}

test("no other package refuses a platform", () => {
  const asked = project
    .getSourceFiles()
    .filter((file) => /process\.platform (!|=)== "linux"\)?\s*\{?\s*throw/.test(file.getText()))
    .map((file) => file.getBaseName());
  expect(asked).toEqual([]);
});
