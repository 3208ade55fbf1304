import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const DIRECTORY = fileURLToPath(new URL(".", import.meta.url));
const FILE = `${DIRECTORY}a-user's-program.ts`;

/** What the TypeScript compiler says about a user's program. */
function diagnose(source: string, options: ts.CompilerOptions): string[] {
  const all: ts.CompilerOptions = {
    ...options,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    types: ["node"],
  };
  const host = ts.createCompilerHost(all);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === FILE || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  const program = ts.createProgram([FILE], all, host);
  const file = program.getSourceFile(FILE);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((each) => {
    const line = each.file?.getLineAndCharacterOfPosition(each.start ?? 0).line ?? 0;
    return `${line + 1}: ${ts.flattenDiagnosticMessageText(each.messageText, " ").replace(/\s+/g, " ")}`;
  });
}

const IMPORTS = `import { config, fn, letIn, lib, nix, nodes, op, path, pkgs, printModule, str, type NixModule } from "./index.js";`;

const PROGRAM = `${IMPORTS}
const machine: NixModule = {
  services: { postgresql: { enable: true, package: pkgs.postgresql_17, port: 5432n } },
  networking: lib.mkIf(config.services.openssh.enable, { firewall: { allowedTCPPorts: [22] } }),
  environment: { systemPackages: lib.mkForce([pkgs.vim, nix\`pkgs.callPackage ./shop.nix { }\`, path("./a")]) },
  python: pkgs.python3.withPackages(fn((ps) => [ps.requests, ps["a b"]])),
  peers: [nodes.web.config.networking.hostName, nodes["db-1"].name, lib.length([1]), pkgs.hello.name.a],
  script: str\`\${pkgs.hello}/bin/hello \${lib.escapeShellArg("a b")} \${lib.getExe(pkgs.curl)}\`,
  names: lib.mapAttrs((name, value) => str\`\${name}=\${value}\`, config.users.users),
  bound: letIn({ a: 1 }, ({ a }) => op.ifElse(op.eq(a, 1), a, null)),
  pattern: fn.attrs({ stdenv: fn.required, debug: false }, ({ stdenv, debug }) => stdenv.mkDerivation({ debug })),
  passed: lib.mapAttrsToList(lib.nameValuePair, lib.filterAttrs(lib.f, {})),
};
export const text: string = printModule(machine, { header: ["x"] });
export async function later() {
  return await pkgs.hello;
}
`;

test.each([{}, { noUncheckedIndexedAccess: true }, { exactOptionalPropertyTypes: true }])(
  "a program compiles with %o",
  (options) => {
    expect(diagnose(PROGRAM, options)).toEqual([]);
  },
);

test("JavaScript functions need no annotation as arguments", () => {
  const source = `${IMPORTS}
export const python = pkgs.python3.withPackages((ps) => [ps.requests]);
export const changed = pkgs.hello.overrideAttrs((final, old) => ({ name: old.name, a: final }));`;
  expect(diagnose(source, {})).toEqual([]);
});

test("a wrong program does not compile, and the message names the place", () => {
  const source = `${IMPORTS}
export const a: NixModule = { services: { nginx: { enable: undefined } } };
export const b: NixModule = { started: new Date() };
export const c: NixModule = { f: () => 1 };
export const d = lib.mkIf(true);
export const e = op.eq(1);
export const f = path(1);
export const g = fn.attrs({ a: 1 }, ({ b }) => b);
export const h = printModule({}, { heading: [] });`;
  expect(diagnose(source, {})).toMatchInlineSnapshot(`
    [
      "2: Type '{ nginx: { enable: undefined; }; }' is not assignable to type 'NixValue<NoForeign>'. Types of property 'nginx' are incompatible. Type '{ enable: undefined; }' is not assignable to type 'NixValue<NoForeign> | undefined'. Type '{ enable: undefined; }' is not assignable to type 'undefined'.",
      "3: Type 'Date' is not assignable to type 'NixValue<NoForeign>'. Type 'Date' is not assignable to type '{ readonly [name: string]: NixValue<NoForeign>; }'. Index signature for type 'string' is missing in type 'Date'.",
      "4: Type '() => number' is not assignable to type 'NixValue<NoForeign>'.",
      "5: Expected 2 arguments, but got 1.",
      "6: Expected 2 arguments, but got 1.",
      "7: Argument of type 'number' is not assignable to parameter of type 'string'.",
      "8: Property 'b' does not exist on type '{ readonly a: NixProxy; }'.",
      "9: Object literal may only specify known properties, and 'heading' does not exist in type 'PrintModuleOptions'.",
    ]
  `);
});
