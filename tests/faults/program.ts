/** The program of every run; what differs between runs lies in `scene.json`. */
export const PROGRAM = `
import { readFileSync } from "node:fs";
const scene = JSON.parse(readFileSync("scene.json", "utf8"));
const identities = new pulumi.Config().requireSecretObject<Record<string, string>>("identities");
const identityOf = (name: string) => identities.apply((all) => all[name] ?? "");
const target = existing(Object.fromEntries(Object.entries<any>(scene.machines).map(([name, { host: { via, ...host } }]) =>
  [name, { ...host, identity: identityOf(name), ...(via && { via: { ...via, identity: identityOf(via.name) } }) }])));
const net = new Network("net", { nixpkgs: NIXPKGS, stateVersion: "26.05", target, timeouts: { confirmation: 30 }, defaults: {
  modules: ["system.nix"],
  keys: {
    "from-config": { text: new pulumi.Config().requireSecret("canary") },
    "from-file": { file: "secrets/canary", permanent: true },
  },
} });
for (const [name, { args }] of Object.entries<any>(scene.machines)) net.machine(name, args);
`;
