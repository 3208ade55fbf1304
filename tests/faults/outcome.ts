import type { Project, PulumiResult } from "../e2e/project.js";
import type { Facts } from "./facts.js";
import type { Scene } from "./scene.js";

/** What is known of one row after its fault and after the run that followed it. */
export interface Outcome {
  /** After the fault, over ssh with the pinned key; an error where the machine is lost. */
  readonly facts: Facts | Error;
  readonly old: Facts;
  /** The version that the run was to bring. */
  readonly version: string;
  /** What the run said about the machine. */
  readonly told: string;
  /** What it warned of. */
  readonly warned: string;
  /** The system that the stack has for the machine after the run; undefined where nobody could note it. */
  readonly recorded: string | undefined;
  /** After the run that followed, with the cause removed. */
  readonly converged: Facts | Error;
  /** The run that followed. */
  readonly following: PulumiResult;
  /** What else has changed, and what was left behind. */
  readonly touched: readonly string[];
  /** Why the stack's state is not valid. */
  readonly invalid: string | undefined;
  /** Where secrets were found. */
  readonly secrets: readonly string[];
}

/** The systems that the stack has, by machine. */
export async function recordedSystems(scene: Scene): Promise<Map<string, string>> {
  const systems = (await scene.project.resources()).filter(({ type }) => type.endsWith(":System"));
  return new Map(systems.map(({ outputs = {} }) => [String(outputs.machine), String(outputs.toplevel)]));
}

/** Whether what `pulumi stack export` says can be imported again. */
export async function validateState(project: Project): Promise<string | undefined> {
  const file = ".firn/export.json";
  project.write(file, ""); // a run that ended early has not made the directory
  for (const args of [
    ["export", "--file", file],
    ["import", "--file", file],
  ]) {
    const { exitCode, output } = await project.pulumi("stack", ...args);
    if (exitCode !== 0) return output;
  }
  return undefined;
}

/** What a run's diagnostics say about one machine's System; empty when they say nothing. */
export function toldAbout(output: string, machine: string): string {
  return diagnosticsOf(output, `\\S+System \\(net-${machine}\\)`);
}

/** What a run warned of about a machine. */
export function warningsAbout(output: string, machine: string): string {
  const notes = diagnosticsOf(output, `\\S+:Machine \\(net-${machine}\\)`).split("\n");
  return notes.filter((line) => line.includes("warning: ")).join("\n");
}

function diagnosticsOf(output: string, resource: string): string {
  const diagnostics = output.slice(output.lastIndexOf("\nDiagnostics:\n"));
  const block = new RegExp(`^  ${resource}:\\n((?:    .*\\n|\\s*\\n)*)`, "m");
  return block.exec(diagnostics)?.[1]?.trimEnd() ?? "";
}
