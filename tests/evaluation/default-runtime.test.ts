import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Project } from "../e2e/project.js";
import { NIXPKGS } from "../mini-nixos/evaluate.js";

/** A project as `pulumi new typescript` makes it: ts-node compiles the program, and its JavaScript has other lines. */
const project = new Project("default-runtime");
afterAll(() => project.dispose());

const PROGRAM = `import { container } from "@firn/container";
import { Network, pkgs } from "@firn/nixos";

/* What TypeScript takes away,
   so that lines differ. */
interface Wanted {
  readonly enable: boolean;
}

const wanted: Wanted = { enable: true };

const net = new Network("net", {
  nixpkgs: { path: ${JSON.stringify(join(NIXPKGS))} },
  stateVersion: "26.05",
  target: container(),
});

net.machine("web", { // MACHINE
  config: {
    networking: {
      firewal: wanted as never, // HERE
    },
  },
});

try {
  net.machine("db", { config: { networking: {
    domain: \`\${pkgs.hello}\`, // USED
  } } });
} catch (error) {
  console.log((error as Error).message);
}
`;

test("errors tell the TypeScript lines under Pulumi's own runtime", async () => {
  project.write("Pulumi.yaml", "name: default-runtime\nruntime: nodejs\n");
  project.write("package.json", '{ "private": true }');
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  };
  project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  project.write("index.ts", PROGRAM);
  const lineOf = (mark: string) => PROGRAM.split("\n").findIndex((line) => line.endsWith(`// ${mark}`)) + 1;
  await project.init();
  const { output, exitCode } = await project.preview();
  expect(exitCode).not.toBe(0);
  expect(output).toContain(`machine "web" (index.ts:${lineOf("MACHINE")}), option networking.firewal: `);
  expect(output).toMatch(new RegExp(`written: index\\.ts:${lineOf("HERE")}$`, "m"));
  expect(output).toContain(
    `index.ts:${lineOf("USED")}: option networking.domain of machine "db": The Nix expression`,
  );
});
