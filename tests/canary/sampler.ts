import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { canariesIn, canaryOf } from "./canary.js";
import type { Finding } from "./files.js";

/** Looks at every process again and again until its standard input ends, then tells what it found. */
const PAUSE_MS = 30;

/** Pulumi's own: it hands the stack's configuration to a program, and that to its loader, in the environment. */
const PROGRAMS = /@pulumi\/pulumi\/cmd\/run|pulumi-language-nodejs|esbuild --service/;

const input = createInterface({ input: process.stdin });
let ended = false;
input.once("close", () => {
  ended = true;
});
const first = await new Promise<string>((resolve) => input.once("line", resolve));
const { canaries: given, allowed } = JSON.parse(first) as {
  canaries: { name: string; value: string }[];
  allowed: string[];
};
const canaries = given.map(({ name, value }) => canaryOf(name, value));
const findings = new Map<string, Finding>();
let samples = 0;
/** Arguments by process, as they were when its environment was read: an environment changes with the program only. */
const seen = new Map<string, string>();

function look(pid: string): void {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`);
    const program = args.toString("utf8").replaceAll("\0", " ");
    if (seen.get(pid) === program) return;
    const environment = readFileSync(`/proc/${pid}/environ`);
    // One that became another program in between is looked at next time: this environment is not of these arguments.
    if (!args.equals(readFileSync(`/proc/${pid}/cmdline`))) return;
    seen.set(pid, program);
    note(args, "arguments", program);
    if (!PROGRAMS.test(program)) note(environment, "environment", program);
  } catch {
    // It has ended.
  }
}

function note(text: Uint8Array, what: "arguments" | "environment", program: string): void {
  for (const name of canariesIn(text, canaries)) {
    if (what === "environment" && allowed.includes(name)) continue;
    const where = `the ${what} of ${program.slice(0, 300)}`;
    findings.set(`${name} ${where}`, { canary: name, where });
  }
}

while (!ended) {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (const pid of pids) look(pid);
  for (const pid of seen.keys()) if (!pids.includes(pid)) seen.delete(pid);
  samples += 1;
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
console.log(JSON.stringify({ findings: [...findings.values()], samples }));
