import type { JumpHost } from "./target.js";

/** What one host of a connection is and where: `the host at 10.0.0.7`, `its jump host bastion at 10.0.0.1 port 2222`. */
export function describeHop(hops: readonly JumpHost[], index: number): string {
  const hop = hops[index] as JumpHost;
  const where = `at ${hop.address}${hop.port ? ` port ${hop.port}` : ""}`;
  if (index === 0) return `the host ${where}`;
  const possessive = index === 1 ? "its jump host" : "the jump host's own jump host";
  return `${possessive}${hop.name ? ` ${hop.name}` : ""} ${where}`;
}
