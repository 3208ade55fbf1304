/** The program of every run; what differs between runs lies in `scene.json`. */
export const PROGRAM = `
import { readFileSync } from "node:fs";
const scene = JSON.parse(readFileSync("scene.json", "utf8"));
const identities = new pulumi.Config().requireSecretObject<Record<string, string>>("identities");
const target = existing(Object.fromEntries(Object.entries<any>(scene.machines).map(([name, { host }]) =>
  [name, { ...host, identity: identities.apply((all) => all[name] ?? "") }])));
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target, defaults: { modules: ["system.nix"] } });
for (const [name, { args }] of Object.entries<any>(scene.machines)) net.machine(name, args);
`;
