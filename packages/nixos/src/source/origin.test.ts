import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SourceLocation } from "../location.js";
import { ORIGIN_CASES, type OriginCase } from "./origin.cases.js";
import { originsOf } from "./origin.js";
import { openProgram, type Program } from "./program.js";

const LOCATION = new URL("../location.ts", import.meta.url).href;
const NIX = new URL("../../../nix/dist/index.js", import.meta.url).href;

/** What declares machines in the programs: it tells where it was called, and with what. */
const NET = `import { callerOf } from ${JSON.stringify(LOCATION)};
const plain = (value) => value?.constructor === Object || Array.isArray(value)
  || value === null || typeof value !== "object" && typeof value !== "function" ? value : undefined;
export const net = { machine(name, args) {
  if (name !== "web") return;
  const { callers, ...declared } = callerOf(net.machine);
  let value = args.config;
  for (const part of globalThis.option) value = plain(value)?.[part];
  globalThis.declared = { declared, callers: callers(), value: plain(value) };
} };
`;

const root = mkdtempSync(join(tmpdir(), "firn-origin-"));
const directory = (each: OriginCase) => join(root, String(ORIGIN_CASES.indexOf(each)));
let program: Program;
let declared: readonly { declared: SourceLocation; callers: SourceLocation[]; value: unknown }[];

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeAll(async () => {
  write(join(root, "package.json"), '{ "type": "module" }');
  write(join(root, "net.js"), NET);
  for (const each of ORIGIN_CASES) {
    const imports = `import { net } from "../net.js"; import { lib, nix, op } from ${JSON.stringify(NIX)};\n`;
    write(
      join(directory(each), "index.ts"),
      `${imports}${each.program}\nexport const used = [lib, nix, op];\n`,
    );
    for (const [name, text] of Object.entries(each.files ?? {})) write(join(directory(each), name), text);
  }
  const run = ORIGIN_CASES.map(
    (each) => `globalThis.option = ${JSON.stringify(each.option)}; globalThis.declared = undefined;
await import(${JSON.stringify(join(directory(each), "index.ts"))}); all.push(globalThis.declared);`,
  );
  write(
    join(root, "run.ts"),
    `const all: unknown[] = [];\n${run.join("\n")}\nconsole.log(JSON.stringify(all));\n`,
  );
  const output = execFileSync(process.execPath, ["--import", "tsx", join(root, "run.ts")], {
    encoding: "utf8",
  });
  declared = JSON.parse(output);
  program = openProgram();
});
afterAll(() => rmSync(root, { recursive: true }));

test.each(ORIGIN_CASES)("$what", (each) => {
  const run = declared[ORIGIN_CASES.indexOf(each)];
  if (!run) throw new Error("the program declared no machine");
  const found = originsOf(program, {
    declared: { ...run.declared, callers: () => run.callers },
    machine: "web",
    path: ["config", ...each.option],
    isName: each.isName ?? false,
    ...(run.value === undefined ? {} : { values: [run.value] }),
  }).map(({ file, line }) => `${relative(directory(each), file)}:${line}`);
  const here = ["index.ts", ...Object.keys(each.files ?? {})].flatMap((name) => {
    const lines = readFileSync(join(directory(each), name), "utf8").split("\n");
    return lines.flatMap((line, index) => (line.endsWith("// HERE") ? [`${name}:${index + 1}`] : []));
  });
  expect(found.toSorted()).toEqual(here.toSorted());
});
