/** What a run's diagnostics say about one machine's System; empty when they say nothing. */
export function toldAbout(output: string, machine: string): string {
  const diagnostics = output.slice(output.lastIndexOf("\nDiagnostics:\n"));
  const block = new RegExp(`^  \\S+System \\(net-${machine}\\):\\n((?:    .*\\n|\\s*\\n)*)`, "m");
  return block.exec(diagnostics)?.[1]?.trimEnd() ?? "";
}
