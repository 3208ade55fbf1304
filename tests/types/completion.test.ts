import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bigModule, bigProgram } from "./big.js";
import { TypedProject } from "./project.js";

const SERVER = resolve(import.meta.dirname, "../../node_modules/typescript/lib/tsserver.js");
const project = new TypedProject();
const server = spawn(process.execPath, [SERVER, "--disableAutomaticTypingAcquisition"], {
  stdio: ["pipe", "pipe", "ignore"],
});
const lines = createInterface(server.stdout);
let sequence = 0;

beforeAll(async () => {
  project.write("big.nix", bigModule(210));
  await project.types("big.nix");
  project.write(
    "index.ts",
    `${bigProgram(50)}export const last: MachineConfig = { big: { service7: {  } } };\n`,
  );
  await project.compile(["index.ts", "nixos-options.d.ts"]);
});
afterAll(() => {
  server.kill();
  project.remove();
});

interface Completion {
  readonly body?: { readonly entries: readonly { readonly name: string }[] };
}

function request(command: string, args: object): Promise<Completion> {
  sequence += 1;
  const number = sequence;
  const answer = new Promise<Completion>((done) => {
    lines.on("line", (line) => {
      if (line.includes(`"request_seq":${number},`)) done(JSON.parse(line) as Completion);
    });
  });
  server.stdin.write(`${JSON.stringify({ seq: number, type: "request", command, arguments: args })}\n`);
  return answer;
}

test("an editor completes options in half a second", async () => {
  const file = join(project.directory, "index.ts");
  const text = `${bigProgram(50)}`;
  const line = text.split("\n").length;
  const at = (column: number) => ({ file, line, offset: column });
  const column = "export const last: MachineConfig = { big: { service7: { ".length + 1;
  server.stdin.write(
    `${JSON.stringify({ seq: 0, type: "request", command: "open", arguments: { file } })}\n`,
  );
  await request("completionInfo", at(column)); // loads the project
  server.stdin.write(
    `${JSON.stringify({ seq: 0, type: "request", command: "change", arguments: { ...at(column), endLine: line, endOffset: column, insertString: "o" } })}\n`,
  );
  const start = performance.now();
  const { body } = await request("completionInfo", at(column + 1));
  const elapsed = performance.now() - start;
  expect(body?.entries.map((entry) => entry.name)).toContain("option39");
  expect(elapsed).toBeLessThan(500);
});
